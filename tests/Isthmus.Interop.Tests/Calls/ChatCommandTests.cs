// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Calls;

/// <summary>The commands <c>isthmus phone send</c>, <c>chat</c>, <c>watch</c> and <c>publish</c> as people and scripts use them.</summary>
public sealed class ChatCommandTests
{
    [Theory]
    [InlineData("send sip:bob@example.com hello --type nonsense", "--type: 'nonsense' is not a media type such as text/plain or image/png")]
    [InlineData("send sip:bob@example.com hello --keep -1", "--keep: expected 0 to")]
    [InlineData("send sip:bob@example.com", "Required argument missing")]
    [InlineData("watch", "Required argument missing")]
    [InlineData("publish asleep", "Argument 'asleep' not recognized")]
    [InlineData("publish busy --remove", "--remove: which publication? --etag says it")]
    [InlineData("chat sip:bob@example.com --messages -1", "--messages: expected 0 or more")]
    public async Task Command_UsedWrongly_SaysInOneLineWhatIsExpected(string command, string expected)
    {
        await using var phone = ChildProgram.Start(IsthmusServer.Program, ["phone", .. command.Split(' ')], Path.GetTempPath());
        Assert.Equal(2, await phone.ExitAsync());
        Assert.Contains(expected, Assert.Single(phone.Output.Text.Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_TypedAt_SendsEachLineAndShowsWhatComes()
    {
        await using var server = await IsthmusServer.StartAsync();
        await using var bob = Start(server, IpVersion.V4, "bob", "chat", "sip:alice@example.com");
        await bob.SaysAsync("IPv4 registered");
        await using var alice = Start(server, IpVersion.V6, "alice", "chat", "sip:bob@example.com");
        await alice.SaysAsync("IPv6 registered");
        await alice.SendAsync("Grüße");
        await alice.SendAsync("wie geht's?");
        await bob.SaysAsync("sip:alice@example.com: Grüße");
        await bob.SaysAsync("sip:alice@example.com: wie geht's");
        await bob.SendAsync("gut");
        await alice.SaysAsync("sip:bob@example.com: gut");
        await alice.SaysAsync("to sip:bob@example.com: sent");
        await alice.SendAsync("/quit");
        Assert.Equal(0, await alice.ExitAsync());
        await bob.SendAsync("noch da?");
        await bob.SaysAsync("to sip:alice@example.com: (stored|sent)");
        await bob.SendAsync("/quit");
        Assert.Equal(0, await bob.ExitAsync());
    }

    [Fact]
    public async Task Send_SaysByItsExitCodeWhatBecameOfTheMessage()
    {
        await using var server = await IsthmusServer.StartAsync();
        await using var bob = Start(server, IpVersion.V4, "bob", "chat", "sip:alice@example.com", "--messages", "1");
        await bob.SaysAsync("IPv4 registered");
        await Exits(0, "to sip:bob@example.com: sent", Start(server, IpVersion.V6, "alice", "send", "sip:bob@example.com", "hello"));
        await bob.SaysAsync("sip:alice@example.com: hello");
        Assert.Equal(0, await bob.ExitAsync());
        await Exits(0, "stored", Start(server, IpVersion.V6, "alice", "send", "sip:bob@example.com", "hello"));
        await Exits(13, "failed, not-found \\(404", Start(server, IpVersion.V6, "alice", "send", "sip:nobody@example.com", "hello"));
        await Exits(19, "failed, invalid-address", Start(server, IpVersion.V6, "alice", "send", "sips:bob@example.com", "hello"));
    }

    [Fact]
    public async Task Watch_WhileSomebodyPublishes_SaysEachChange()
    {
        await using var server = await IsthmusServer.StartAsync();
        await using var alice = Start(server, IpVersion.V6, "alice", "watch", "sip:bob@example.com");
        await alice.SaysAsync("sip:bob@example.com: offline");
        await using var bob = Start(server, IpVersion.V4, "bob", "publish", "busy", "--note", "in a meeting", "--stay");
        await bob.SaysAsync("published busy \"in a meeting\" until .*entity tag");
        await alice.SaysAsync("sip:bob@example.com: busy \"in a meeting\"");
        await Exits(0, "sip:bob@example.com: busy", Start(server, IpVersion.V6, "carol", "watch", "--once", "sip:bob@example.com"));
        await bob.SignalAsync("TERM");
        Assert.Equal(0, await bob.ExitAsync());
        Assert.Contains("removed", bob.Output.Text, StringComparison.Ordinal);
        await Eventually.IsTrue(() => alice.Output.Count(new("sip:bob@example.com: offline")) == 2, $"bob is gone. It said:\n{alice.Output.Text}");
        await alice.SignalAsync("TERM");
        Assert.Equal(0, await alice.ExitAsync());
    }

    /// <summary>Rules of who may watch whom are read again while two wait to be confirmed; those with a mistake are not taken.</summary>
    [Theory]
    [InlineData(IpVersion.V4)]
    [InlineData(IpVersion.V6)]
    public async Task Watch_ToBeConfirmed_IsToldWhenTheServerReadsItsRulesAgain(IpVersion version)
    {
        const string Rule = "[[watch-rule]]\nuser = \"bob@example.com\"\n";
        await using var server = await IsthmusServer.StartAsync(new() { Further = Rule + "others = \"confirm\"" });
        await Exits(0, "published busy", Start(server, version, "bob", "publish", "busy"));
        await using var alice = Start(server, version, "alice", "watch", "sip:bob@example.com", "--changes", "1");
        await using var carol = Start(server, version, "carol", "watch", "sip:bob@example.com", "--changes", "1");
        await alice.SaysAsync("the subscription waits for permission");
        await carol.SaysAsync("the subscription waits for permission");

        await server.ReloadAsync(Rule + "others = \"perhaps\"");
        var mistake = new Regex(@"is not taken: \S*isthmus\.toml:4:\d+: .*perhaps.*\ballow\b.*\bconfirm\b");
        await Eventually.IsTrue(() => server.Output.Count(mistake) == 1, $"the log says where the mistake is and what was expected. It said:\n{server.Output.Text}");
        await using (var dave = Start(server, version, "dave", "watch", "sip:bob@example.com", "--changes", "1"))
        {
            await dave.SaysAsync("the subscription waits for permission");
        }

        await server.ReloadAsync(Rule + "others = \"confirm\"\nallow = [\"alice@example.com\"]\ndeny = [\"carol@example.com\"]");
        Assert.Equal(0, await alice.ExitAsync());
        Assert.Contains("sip:bob@example.com: busy", alice.Output.Text, StringComparison.Ordinal);
        Assert.Equal(17, await carol.ExitAsync());
        Assert.Contains("rejected", carol.Output.Text, StringComparison.Ordinal);
    }

    private static async Task Exits(int code, string says, ChildProgram program)
    {
        await using (program)
        {
            Assert.Equal(code, await program.ExitAsync());
            Assert.Matches(says, program.Output.Text);
        }
    }

    private static ChildProgram Start(IsthmusServer server, IpVersion version, string user, params string[] command) => ChildProgram.Start(
        IsthmusServer.Program,
        ["phone", .. command, "--account", $"sip:{user}@example.com", "--server", server.EndPoint(version).ToString(), "--mode", version == IpVersion.V4 ? "ipv4" : "ipv6"],
        Path.GetTempPath());
}
