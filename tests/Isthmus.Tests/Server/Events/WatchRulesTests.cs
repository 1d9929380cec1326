// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Server;
using Isthmus.Server.Configuration;
using Isthmus.Server.Events;
using Isthmus.Server.Hosting;

namespace Isthmus.Tests.Server.Events;

public sealed class WatchRulesTests
{
    private const string Alice = "sip:alice@example.com";
    private const string Bob = "sip:bob@example.com";

    [Theory]
    [InlineData("", Bob, Access.Allow)]
    [InlineData("", Alice, Access.Allow)]
    [InlineData("", null, Access.Deny)]
    [InlineData("user = \"alice@example.com\"\nallow = [\"*\"]", null, Access.Allow)]
    [InlineData("user = \"alice@alias.example\"\ndeny = [\"sip:bob@alias.example\"]", Bob, Access.Deny)]
    [InlineData("user = \"alice@example.com\"\npolite-block = [\"bob@example.com\"]\nallow = [\"*@example.com\"]", Bob, Access.PoliteBlock)]
    [InlineData("user = \"alice@example.com\"\nallow = [\"bob@example.com\"]\ndeny = [\"*@example.com\"]", Bob, Access.Allow)]
    [InlineData("user = \"alice@example.com\"\nallow = [\"bob@example.com\"]\ndeny = [\"bob@example.com\"]", Bob, Access.Deny)]
    [InlineData("user = \"alice@example.com\"\nallow = [\"*@other.example\"]\nothers = \"polite-block\"", "sip:x@other.example", Access.Allow)]
    [InlineData("user = \"alice@example.com\"\nallow = [\"*@other.example\"]\nothers = \"polite-block\"", Bob, Access.PoliteBlock)]
    [InlineData("user = \"alice@example.com\"\nothers = \"polite-block\"", null, Access.Deny)]
    [InlineData("user = \"alice@example.com\"\ndeny = [\"*\"]", Alice, Access.Allow)]
    [InlineData("user = \"*\"\nothers = \"deny\"", Bob, Access.Deny)]
    [InlineData("user = \"*\"\nothers = \"confirm\"", Bob, Access.Confirm)]
    [InlineData("user = \"alice@example.com\"\nconfirm = [\"bob@example.com\"]\npolite-block = [\"bob@example.com\"]", Bob, Access.Confirm)]
    [InlineData("user = \"alice@example.com\"\nconfirm = [\"*\"]\nallow = [\"*@example.com\"]", "sip:x@other.example", Access.Confirm)]
    [InlineData("user = \"*\"\nothers = \"deny\"\n[[watch-rule]]\nuser = \"alice@example.com\"", Bob, Access.Allow)]
    public void Decide_ByTheRules(string rule, string? watcher, Access expected)
    {
        ConfigurationResult read = ConfigurationFile.Parse("[[domains]]\nname = \"example.com\"\naliases = [\"alias.example\"]\n" + (rule.Length == 0 ? "" : "[[watch-rule]]\n" + rule), "test");
        Assert.Empty(read.Findings);
        var rules = new WatchRules(read.Options.WatchRules, new Domains(read.Options, new NoAddresses()));

        Assert.Equal(expected, rules.Decide(new(Alice, watcher)));
    }

    [Theory]
    [InlineData("allow = [\"bob\"]")]
    [InlineData("user = \"*@example.com\"")]
    [InlineData("user = \"alice@example.com\"\nothers = \"perhaps\"")]
    [InlineData("user = \"alice@exa mple.com\"")]
    public void Rule_ThatIsNone_IsFound(string rule) => Assert.NotEmpty(ConfigurationFile.Parse("[[watch-rule]]\n" + rule, "test").Findings);

    private sealed class NoAddresses : ILocalAddresses
    {
        public bool Contains(IPAddress address) => false;
    }
}
