// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.DualStack;
using Isthmus.Server;
using Isthmus.Sip;

namespace Isthmus.Tests.Server.Configuration;

public sealed class ConfigurationFileTests
{
    [Fact]
    public void Parse_Empty_IsTheDefault()
    {
        ConfigurationResult result = Parse("");

        Assert.Empty(result.Findings);
        Assert.Equal(
            [(SipTransport.Udp, IPAddress.Any), (SipTransport.Tcp, IPAddress.Any), (SipTransport.Udp, IPAddress.IPv6Any), (SipTransport.Tcp, IPAddress.IPv6Any)],
            result.Options.Listeners.Select(listener => (listener.Transport, listener.Address)));
        Assert.Equal(JudgeMethod.Auto, result.Options.Judge);
    }

    [Fact]
    public void Parse_Everything_IsInTheOptions()
    {
        ServerOptions options = Valid("""
            judge = "session"
            log-level = "debug"
            registrar.max-bindings = 3

            [[domains]]
            name = "example.com"
            aliases = ["a.example", "::1", "[2001:DB8::1]"]
            judge = "carry"

            [[listeners]]
            transport = "tcp"
            address = "::1"
            port = 0
            advertised-host = "sip.example.com"
            advertised-port = 5070

            [proxy]
            timer-c = "4m"

            [limits]
            calls = 7
            """);

        DomainOptions domain = Assert.Single(options.Domains);
        Assert.Equal(["a.example", "[::1]", "[2001:db8::1]"], domain.Aliases);
        Assert.Equal((JudgeMethod.Session, JudgeMethod.Carry), (options.Judge, domain.Judge));
        var listener = Assert.Single(options.Listeners);
        Assert.Equal((SipTransport.Tcp, IPAddress.IPv6Loopback, 0, "sip.example.com", 5070), (listener.Transport, listener.Address, listener.Port, listener.AdvertisedHost, listener.AdvertisedPort));
        Assert.Equal((3, TimeSpan.FromMinutes(4), 7), (options.Registrar.MaxBindings, options.Proxy.TimerC, options.Limits.Calls));
    }

    [Fact]
    public void Parse_List_IsInTheOptions()
    {
        ServerOptions options = Valid("""
            [[domains]]
            name = "example.com"

            [[list]]
            address = "sales@example.com"
            name = "Sales"
            members = ["alice@example.com", "sip:bob@example.com"]
            """);

        ResourceListOptions list = Assert.Single(options.Lists);
        Assert.Equal(("sip:sales@example.com", "Sales"), (list.Address!.ToString(), list.Name));
        Assert.Equal(["sip:alice@example.com", "sip:bob@example.com"], list.Members.Select(member => member.ToString()));
    }

    [Theory]
    [InlineData("address = \"sales@example.org\"\nmembers = []", "'sip:sales@example.org' is in none of the [[domains]]")]
    [InlineData("address = \"a@example.com\"\nmembers = [\"b@example.org\"]", "member 'sip:b@example.org' is in none of the [[domains]]: what another domain says of its users is not asked for")]
    [InlineData("address = \"a@example.com\"\nmembers = [\"a@example.com\"]", "member 'sip:a@example.com' is a list")]
    [InlineData("address = \"a@example.com\"\nmembers = []\n[[list]]\naddress = \"a@example.com\"\nmembers = []", "'sip:a@example.com' is the address of two lists")]
    public void Parse_ListThatCannotBe_IsAFinding(string list, string finding) =>
        Assert.Contains(finding, Assert.Single(Parse("[[domains]]\nname = \"example.com\"\n[[list]]\n" + list).Findings).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Parse_ListThatNoNotifyCanName_IsAFinding()
    {
        string members = string.Join(", ", Enumerable.Range(0, 100).Select(number => $"\"{new string('x', 200)}{number}@example.com\""));
        ConfigurationFinding finding = Assert.Single(Parse($"[[domains]]\nname = \"example.com\"\n[[list]]\naddress = \"a@example.com\"\nmembers = [{members}]").Findings);
        Assert.Contains("the addresses of the members are too long", finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_InlineTables_AreTables() =>
        Assert.Equal(2, Valid("""listeners = [{ transport = "udp", address = "127.0.0.1" }, { transport = "udp", address = "::1" }]""").Listeners.Count);

    [Fact]
    public void Parse_Peers_AreInTheOptions()
    {
        ServerOptions options = Valid("""
            [[peer]]
            domain = "B.Example."
            targets = ["sip1.b.example", "192.0.2.9:5070;transport=tcp;priority=3;weight=10", "2001:db8::9", "[2001:db8::9]:5062"]
            transport = "udp"
            ip-version = "both"
            judge = "carry"
            trusted = true

            [[peer]]
            domain = "*.b.example"
            ip-version = "ipv6"

            [dns]
            servers = ["192.0.2.53", "2001:db8::53", "[2001:db8::53]:5353"]
            stagger = "100ms"
            total-time = "2s"
            stale-time = 0
            entries = 5
            """);

        PeerOptions peer = options.Peers[0];
        Assert.Equal(("b.example", SipTransport.Udp, IpVersions.Both, JudgeMethod.Carry, true), (peer.Domain, peer.Transport, peer.IpVersions, peer.Judge, peer.IsTrusted));
        Assert.Equal(["sip1.b.example", "192.0.2.9:5070;transport=tcp;priority=3;weight=10", "[2001:db8::9]", "[2001:db8::9]:5062"], peer.Targets.Select(target => target.ToString()));
        Assert.Equal(("*.b.example", IpVersions.V6, null, false), (options.Peers[1].Domain, options.Peers[1].IpVersions, options.Peers[1].Judge, options.Peers[1].IsTrusted));
        Assert.Equal(["192.0.2.53:53", "[2001:db8::53]:53", "[2001:db8::53]:5353"], options.Dns.Servers.Select(server => server.ToString()));
        Assert.Equal((100, 2000, 0, 5), (options.Dns.Stagger.TotalMilliseconds, options.Locating.TotalTime.TotalMilliseconds, options.Locating.Cache.StaleTime.TotalSeconds, options.Locating.Cache.MaxEntries));
    }

    [Theory]
    [InlineData("judge = \"always\"", 1, 9, "expected one of \"auto\", \"arrival\", \"session\", \"carry\"")]
    [InlineData("judge = 3", 1, 9, "'judge' is 3, expected")]
    [InlineData("\n[registrar]\nmin-expires = \"soon\"", 3, 15, "expected a time from 1 s to 1 h")]
    [InlineData("[registrar]\nmax_expires = 60", 2, 1, "did you mean 'max-expires'?")]
    [InlineData("[registar]\n", 1, 2, "did you mean 'registrar'?")]
    [InlineData("[limits]\ncolour = 1", 2, 1, "known are header-bytes, header-count")]
    [InlineData("[[listeners]]\ntransport = \"udp\"\naddress = \"1.2.3\"", 3, 11, "expected an IPv4 or IPv6 address")]
    [InlineData("[[listeners]]\ntransport = \"udp\"", 1, 3, "a [[listeners]] without 'address'")]
    [InlineData("[[listeners]]\ntransport = \"udp\"\naddress = \"::\"\nport = 65536", 4, 8, "a whole number from 0 to 65535")]
    [InlineData("[[listeners]]\ntransport = \"udp\"\naddress = \"::\"\nadvertised-port = 5", 1, 3, "'advertised-port' without 'advertised-host'")]
    [InlineData("[listeners]\nport = 1", 1, 2, "write [[listeners]]")]
    [InlineData("[[registrar]]\n", 1, 3, "write [registrar]")]
    [InlineData("[[domains]]\nname = \"a.example\"\n[[domains]]\nname = \"A.example\"", 3, 3, "'A.example' is named twice")]
    [InlineData("[[domains]]\nname = \"a.example\"\naliases = [\"ok.example\", \"not a host\"]", 3, 11, "expected a list of host names")]
    [InlineData("[registrar]\nmin-expires = 600\nmax-expires = 300", 2, 15, "'min-expires' (10 min) is more than 'max-expires' (5 min)")]
    [InlineData("[registrar]\ndefault-expires = 10", 2, 19, "'default-expires' (10 s) is less than 'min-expires' (1 min)")]
    [InlineData("[[peer]]\njudge = \"auto\"", 1, 3, "a [[peer]] without 'domain'")]
    [InlineData("[[peer]]\ndomain = \"192.0.2.1\"", 2, 10, "expected a host name, \"*.example.com\" or \"*\"")]
    [InlineData("[[peer]]\ndomain = \"a.*.example\"", 2, 10, "expected a host name")]
    [InlineData("[[peer]]\ndomain = \"b.example\"\ntargets = [\"sip:b.example\"]", 3, 11, "expected a list such as")]
    [InlineData("[[peer]]\ndomain = \"b.example\"\ntargets = [\"b.example;priority=many\"]", 3, 11, "expected a list such as")]
    [InlineData("[[peer]]\ndomain = \"b.example\"\ntargets = [\"b.example;transport=tls\"]", 3, 11, "expected a list such as")]
    [InlineData("[[peer]]\ndomain = \"b.example\"\ntrusted = 1", 3, 11, "'trusted' is 1, expected true or false")]
    [InlineData("[[peer]]\ndomain = \"b.example\"\nip-version = \"6\"", 3, 14, "expected one of \"both\", \"ipv4\", \"ipv6\"")]
    [InlineData("[[peer]]\ndomain = \"b.example\"\n[[peer]]\ndomain = \"B.example.\"", 3, 3, "a second [[peer]] for 'b.example'")]
    [InlineData("[[domains]]\nname = \"a.example\"\n[[peer]]\ndomain = \"A.example\"", 3, 3, "'a.example' is one of this server's own domains")]
    [InlineData("[[peer]]\ndomain = \"b.example\"\ntargets = [\"2001:db8::1\"]\nip-version = \"ipv4\"", 1, 3, "an IPv6 address, and 'ip-version' leaves IPv6 out")]
    [InlineData("[[listeners]]\ntransport = \"udp\"\naddress = \"::\"\n[[peer]]\ndomain = \"b.example\"\ntargets = [\"192.0.2.1\"]", 4, 3, "no [[listeners]] to reach it from on IPv4")]
    [InlineData("[[listeners]]\ntransport = \"udp\"\naddress = \"::\"\n[[peer]]\ndomain = \"b.example\"\ntargets = [\"s.b.example;transport=tcp\"]", 4, 3, "no [[listeners]] to reach it from by tcp")]
    [InlineData("[[peer]]\ndomain = \"*.b.example\"\ntrusted = true", 1, 3, "'trusted' for '*.b.example' without 'targets'")]
    [InlineData("[dns]\nservers = [\"resolver.example\"]", 2, 11, "expected a list of addresses")]
    [InlineData("[dns]\nstagger = \"5ms\"", 2, 11, "expected a time from 0.01 s to 1 s")]
    [InlineData("judge = \"auto", 1, 13, "")]
    [InlineData("= 1", 1, 1, "")]
    [InlineData("[proxy]\ntimer-c = 180", 2, 11, "a time from 181 s")]
    public void Parse_Wrong_SaysWhereAndWhatWasExpected(string text, int line, int column, string says)
    {
        ConfigurationFinding finding = Parse(text).Findings[0];

        Assert.Equal(new SourcePosition("isthmus.toml", line, column), finding.Position);
        Assert.Contains(says, finding.Message, StringComparison.Ordinal);
        Assert.StartsWith($"isthmus.toml:{line}:{column}: ", finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SeveralFaults_AreAllReportedInOrder()
    {
        IReadOnlyList<ConfigurationFinding> findings = Parse("""
            judge = "never"
            [limits]
            calls = -1
            cals = 2
            [store]
            path = 5
            """).Findings;

        Assert.Equal([1, 3, 4, 6], findings.Select(finding => finding.Position.Line));
    }

    [Fact]
    public void Parse_OnlyMaxExpires_ShortensTheDefault() => Assert.Equal(TimeSpan.FromMinutes(10), Valid("registrar.max-expires = \"10m\"").Registrar.DefaultExpires);

    [Fact]
    public void Parse_Environment_WinsOverTheFile()
    {
        ConfigurationResult result = ConfigurationFile.Parse("[registrar]\nmax-expires = 100", "isthmus.toml", new Dictionary<string, string>
        {
            ["ISTHMUS__Registrar__MaxExpires"] = "30m",
            ["ISTHMUS__LOGLEVEL"] = "Warning",
            ["ISTHMUS__Listeners__0__Transport"] = "udp",
            ["ISTHMUS__Listeners__0__Address"] = "::1",
            ["ISTHMUS__Listeners__0__Port"] = "5070",
            ["ISTHMUS__Domains__0__Name"] = "example.com",
            ["ISTHMUS__Domains__0__Aliases"] = "a.example, b.example",
            ["PATH"] = "/bin",
        });

        Assert.Empty(result.Findings);
        Assert.Equal(TimeSpan.FromMinutes(30), result.Options.Registrar.MaxExpires);
        Assert.Equal(5070, Assert.Single(result.Options.Listeners).Port);
        Assert.Equal(["a.example", "b.example"], Assert.Single(result.Options.Domains).Aliases);
    }

    [Theory]
    [InlineData("ISTHMUS__Registrar__MaxExpire", "60", "did you mean ISTHMUS__Registrar__MaxExpires?")]
    [InlineData("ISTHMUS__Nothing", "60", "sets nothing")]
    [InlineData("ISTHMUS__Listeners__7__Port", "60", "sets nothing")]
    [InlineData("ISTHMUS__Limits__Calls", "many", "expected a whole number")]
    public void Parse_WrongEnvironment_NamesTheVariable(string name, string value, string says)
    {
        ConfigurationFinding finding = Assert.Single(ConfigurationFile.Parse("", "isthmus.toml", [new(name, value)]).Findings);

        Assert.StartsWith(name + ": ", finding.ToString(), StringComparison.Ordinal);
        Assert.Contains(says, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_NoSuchFile_IsAFinding() => Assert.Contains("cannot be read", Assert.Single(ConfigurationFile.Check("/nonexistent/isthmus.toml")).ToString(), StringComparison.Ordinal);

    private static ConfigurationResult Parse(string text) => ConfigurationFile.Parse(text, "isthmus.toml");

    private static ServerOptions Valid(string text)
    {
        ConfigurationResult result = Parse(text);
        Assert.Empty(result.Findings);
        return result.Options;
    }
}
