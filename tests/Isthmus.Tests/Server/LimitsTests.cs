// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Isthmus.Server;
using Isthmus.Server.Configuration;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Server;

/// <summary>docs/limits.md: every limit has its default and its option, and at the limit comes the answer that the table says.</summary>
public sealed partial class LimitsTests
{
    private static readonly IPEndPoint At = new(IPAddress.Parse("192.0.2.1"), 5060);

    [Fact]
    public void Table_NamesEveryLimitWithItsDefault()
    {
        string document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "limits.md"));
        var rows = Row().Matches(document).ToDictionary(row => row.Groups["option"].Value, row => row.Groups["default"].Value.Replace(" ", "", StringComparison.Ordinal));
        IEnumerable<string> limits = ConfigurationSchema.Sections.Single(section => section.Name == "limits").Keys.Select(key => $"limits.{key}").Append("registrar.max-bindings")
            .Concat(ConfigurationSchema.Sections.Single(section => section.Name == "messages").Keys.Where(key => key.StartsWith("max-", StringComparison.Ordinal)).Select(key => $"messages.{key}"));
        Assert.Equal(limits.Order(), rows.Keys.Order());

        string toml = string.Join('\n', rows.GroupBy(row => row.Key.Split('.')[0], (section, keys) => $"[{section}]\n" + string.Join('\n', keys.Select(row => $"{row.Key.Split('.')[1]} = {row.Value}"))));
        ConfigurationResult read = ConfigurationFile.Parse(toml, "docs/limits.md");
        Assert.Empty(read.Findings);
        Assert.Equal(ServerOptions.Default.Limits, read.Options.Limits);
        Assert.Equal(ServerOptions.Default.Registrar.MaxBindings, read.Options.Registrar.MaxBindings);
        Assert.Equal(ServerOptions.Default.Messages, read.Options.Messages);
    }

    [Theory]
    [InlineData("header-bytes = 1024", "513 Header fields too large")]
    [InlineData("header-count = 16", "400 Too many header fields")]
    [InlineData("body-bytes = 100", "413 Body too large")]
    public void Message_BeyondALimit_IsAnswered(string limit, string answer)
    {
        foreach (bool tcp in (bool[])[false, true])
        {
            Play(limit, async s =>
            {
                ScriptedUa ua = s.Ua("alice", "192.0.2.10", tcp);
                ua.Send(ua.Request("OPTIONS", "sip:example.com"));
                await ua.Expect("200");
                string headers = limit.StartsWith("header-bytes", StringComparison.Ordinal) ? $"X: {new string('x', 1024)}" : string.Join('\n', Enumerable.Repeat("X: y", limit.StartsWith("header-count", StringComparison.Ordinal) ? 16 : 1));
                ua.Send(ua.Request("OPTIONS", "sip:example.com", headers, body: new string('b', limit.StartsWith("body", StringComparison.Ordinal) ? 101 : 1)));
                await ua.Expect(answer);
            });
        }
    }

    [Theory]
    [InlineData("connections = 1", "192.0.2.11")]
    [InlineData("connections-per-address = 1", "192.0.2.10")]
    public void Connection_BeyondTheLimit_IsClosedAtOnceAndAnotherMayComeWhenOneGoes(string limit, string second) => Play(limit, async s =>
    {
        ScriptedUa first = s.Ua("alice", "192.0.2.10", tcp: true);
        first.Send(first.Request("OPTIONS", "sip:example.com"));
        await first.Expect("200");
        ScriptedUa other = s.Ua("bob", second, tcp: true);
        other.Send(other.Request("OPTIONS", "sip:example.com"));
        Assert.Empty(await other.Listen(TimeSpan.FromSeconds(2)));
        first.Close();
        await s.World.Delay(TimeSpan.FromSeconds(33)); // half-closed, it might still have waited for an answer
        ScriptedUa again = s.Ua("bob", second, tcp: true);
        again.Send(again.Request("OPTIONS", "sip:example.com"));
        await again.Expect("200");
    });

    [Fact]
    public void Transaction_BeyondTheLimit_Is503WithRetryAfterUntilOneIsAnswered() => Play("transactions = 2", async s =>
    {
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        await s.Register(bob);
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        alice.Send(alice.Request("INVITE", "sip:bob@example.com"));
        RawMessage invite = await bob.Expect("INVITE");
        ScriptedUa carol = s.Ua("carol", "192.0.2.30");
        carol.Send(carol.Request("OPTIONS", "sip:example.com"));
        Assert.Equal("10", (await carol.Expect("503"))["Retry-After"]);

        bob.Respond(invite, 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
        carol.Send(carol.Request("OPTIONS", "sip:example.com"));
        await carol.Expect("200");
    });

    [Fact]
    public void Call_BeyondTheLimit_Is503WithRetryAfterUntilOneEnds() => Play("calls = 1", async s =>
    {
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        await s.Register(bob);
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        RawMessage invite = alice.Send(alice.Request("INVITE", "sip:bob@example.com"));
        bob.Respond(await bob.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        RawMessage ok = await alice.Expect("200");
        alice.Send(alice.InDialog("ACK", invite, ok));
        await bob.Expect("ACK");

        ScriptedUa carol = s.Ua("carol", "192.0.2.30");
        RawMessage refused = carol.Send(carol.Request("INVITE", "sip:bob@example.com"));
        RawMessage answer = await carol.Expect("503");
        Assert.Equal(("503 Too Many Calls", "10"), (answer.FirstLine[8..], answer["Retry-After"]));
        carol.AckFailure(refused, answer);

        alice.Send(alice.InDialog("BYE", invite, ok, cseq: 2));
        bob.Respond(await bob.Expect("BYE"), 200);
        await alice.Expect("200");
        carol.Send(carol.Request("INVITE", "sip:bob@example.com"));
        await bob.Expect("INVITE");
    });

    [Fact]
    public void Branches_BeyondTheLimit_AreNotTried() => Play("branches = 1", async s =>
    {
        ScriptedUa[] bobs = [s.Ua("bob", "192.0.2.20"), s.Ua("bob", "192.0.2.21")];
        await s.Register(bobs[0]);
        await s.Register(bobs[1]);
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        alice.Send(alice.Request("INVITE", "sip:bob@example.com"));
        await s.World.Delay(TimeSpan.FromSeconds(1));
        Assert.Equal(1, bobs.Sum(bob => bob.Heard.Count(message => message.Method == "INVITE")));
    });

    [Theory]
    [InlineData("bindings = 1", "503 Too Many Bindings", "30", "carol")]
    [InlineData("bindings = 200000\n[registrar]\nmax-bindings = 1", "403 Too Many Bindings for This Address-of-Record", null, "bob")]
    public void Binding_BeyondTheLimit_IsRefusedUntilOneGoes(string limit, string answer, string? retryAfter, string second) => Play(limit, async s =>
    {
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        await s.Register(bob);
        await s.Register(bob); // a refresh is no new one
        ScriptedUa other = s.Ua(second, "192.0.2.30");
        RawMessage refused = await s.Register(other, expected: answer[..3]);
        Assert.Equal((answer, retryAfter), (refused.FirstLine[8..], refused["Retry-After"]));
        await s.Register(bob, expires: 0);
        await s.Register(other);
    });

    [GeneratedRegex(@"^\|[^|\n]+\| (?<default>[0-9 ]+) \| `(?<option>[a-z.-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    private static void Play(string limits, Func<Scene, Task> scenario)
    {
        ConfigurationResult read = ConfigurationFile.Parse($"[limits]\n{limits}\n", "test");
        Assert.Empty(read.Findings);
        using var world = new World();
        world.Run(async () =>
        {
            MemoryHost host = world.Network.Host("server", At.Address.ToString());
            ServerStart start = await IsthmusServer.StartAsync(
                read.Options with
                {
                    Domains = [new() { Name = "example.com" }],
                    Listeners = [.. from transport in (SipTransport[])[SipTransport.Udp, SipTransport.Tcp] select new ListenerOptions { Transport = transport, Address = At.Address, Port = At.Port }],
                },
                host,
                world.Time);
            Assert.Empty(start.Problems);
            await using IsthmusServer server = start.Server!;
            await scenario(new Scene(world));
        });
    }

    private sealed class Scene(World world)
    {
        private readonly Dictionary<string, MemoryHost> _hosts = [];
        private uint _registrations;

        public World World => world;

        public ScriptedUa Ua(string user, string address, bool tcp = false)
        {
            if (!_hosts.TryGetValue(address, out MemoryHost? host))
            {
                host = _hosts[address] = world.Network.Host(address, address);
            }

            return tcp ? ScriptedUa.Tcp(world, host, user, address, At) : ScriptedUa.Udp(world, host, user, address, At);
        }

        public async Task<RawMessage> Register(ScriptedUa ua, int expires = 3600, string expected = "200")
        {
            ua.Send(ua.Request(
                "REGISTER",
                "sip:example.com",
                string.Create(CultureInfo.InvariantCulture, $"Contact: {ua.Contact}\nExpires: {expires}"),
                callId: $"register-{ua.Local}",
                to: $"<sip:{ua.User}@example.com>",
                cseq: ++_registrations));
            return await ua.Expect(expected);
        }
    }
}
