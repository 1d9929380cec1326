// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.DualStack;
using Isthmus.Server;
using Isthmus.Server.Diagnostics;
using Isthmus.Server.Explaining;
using Isthmus.Server.Peers;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Tests.Server.Location;
using Isthmus.Tests.Server.Registrar;
using Isthmus.Tests.Stack.Resolution;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Tests.Server.Diagnostics;

public sealed class ControlSocketTests
{
    [Fact]
    public async Task Show_Bindings_AreThoseOfTheServer()
    {
        await using var bench = new ControlBench();
        bench.Registrar.Send(IpVersion.V6, "six", 1, ["<sip:alice@[2001:db8::7]>;q=0.5;expires=600"], headers: ["User-Agent: phone 1"]);
        bench.Registrar.Send(IpVersion.V4, "four", 1, ["<sip:alice@192.0.2.7>"], headers: ["Supported: ip-redirect"]);

        ControlResult<BindingView> result = await bench.Client.BindingsAsync();

        Assert.Null(result.Error);
        Assert.Equal(
            [
                new BindingView("sip:alice@example.com", "sip:alice@[2001:db8::7]", "IPv6", "udp", "[2001:db8::7]:5060", 0.5, 600, "call-id:six", false, "phone 1"),
                new BindingView("sip:alice@example.com", "sip:alice@192.0.2.7", "IPv4", "udp", "192.0.2.7:5060", 1, 3600, "call-id:four", true, null),
            ],
            result.Items);
    }

    [Fact]
    public async Task Show_Calls_AreThoseOfTheView()
    {
        await using var bench = new ControlBench();

        ControlResult<CallView> result = await bench.Client.CallsAsync();

        Assert.Equal([new CallView("c1", "sip:alice@example.com", "sip:bob@example.com", "ringing", "IPv6", null, 5)], result.Items);
    }

    [Fact]
    public async Task Show_Peers_AreTheTableAndWhatDnsToldWithTheirHealth()
    {
        var options = new ServerOptions
        {
            Peers =
            [
                new PeerOptions { Domain = "*.b.example", Targets = [PeerTarget.Parse("192.0.2.50;priority=2")!, PeerTarget.Parse("gw.b.example:5070;transport=tcp")!], Judge = JudgeMethod.Carry, IsTrusted = true },
                new PeerOptions { Domain = "gone.example" },
                new PeerOptions { Domain = "*", IpVersions = IpVersions.V6 },
            ],
        };
        await using var bench = new ControlBench(options: options);
        bench.Dns.Address("gw.b.example", "2001:db8::50").Address("c.example", "2001:db8::60");
        bench.Health.Answered(SipTransport.Udp, IPEndPoint.Parse("192.0.2.50:5060"), TimeSpan.FromMilliseconds(12.34));
        bench.Health.Failed(SipTransport.Udp, IPEndPoint.Parse("[2001:db8::60]:5060"), TimeSpan.FromSeconds(60), TargetFault.Unavailable);
        Assert.True(SipUri.TryParse("sip:carol@c.example", out SipUri? carol));
        Assert.NotNull((await bench.Directory.FindAsync(carol)).Servers);

        ControlResult<PeerView> result = await bench.Client.PeersAsync();

        Assert.Null(result.Error);
        Assert.Equal(
            [
                new PeerView("*.b.example", "peer", "gw.b.example", "[2001:db8::50]:5070", "IPv6", "tcp", 0, "unknown", null, null, null, null, "carry", true),
                new PeerView("*.b.example", "peer", null, "192.0.2.50:5060", "IPv4", "udp", 1, "good", null, 12.3, null, null, "carry", true),
                new PeerView("gone.example", "peer", null, null, null, null, null, "unknown", null, null, null, "Domain Does Not Exist", "auto", false),
                new PeerView("*", "peer", null, null, null, null, null, "unknown", null, null, null, null, "auto", false),
                new PeerView("c.example", "dns", "c.example", "[2001:db8::60]:5060", "IPv6", "udp", 0, "bad", 60, null, 0, null, "auto", false, "503, asked for 60 s"),
            ],
            result.Items);
    }

    [Fact]
    public async Task Show_Runtime_TellsEveryPause()
    {
        await using var bench = new ControlBench();
        RuntimeView before = Assert.Single((await bench.Client.RuntimeAsync()).Items);

        GC.Collect();
        RuntimeView after = Assert.Single((await bench.Client.RuntimeAsync()).Items);

        long last = before.Pauses is [.., var latest] ? latest.Number : 0;
        PauseView[] pauses = [.. after.Pauses.Where(pause => pause.Number > last)];
        Assert.NotEmpty(pauses);
        Assert.Equal(after.PausedMilliseconds - before.PausedMilliseconds, pauses.Sum(pause => pause.Milliseconds), 1e-3);
        Assert.True(after.Collections[2] > before.Collections[2]);
        Assert.True(after is { Heap: > 0, Committed: > 0, WorkingSet: > 0 } && after.Allocated > before.Allocated);
    }

    [Fact]
    public async Task Explain_ACall_IsAskedAndAnsweredByTheSocket()
    {
        await using var bench = new ControlBench();
        bench.Dns.Address("b.example", "192.0.2.50");

        ControlResult<Explanation> result = await bench.Client.ExplainAsync(new ExplainQuestion("sip:bob@b.example", "sip:alice@example.com", IpVersions.V6));

        Explanation explanation = Assert.Single(result.Items);
        Assert.Equal("192.0.2.50:5060", Assert.Single(explanation.Targets).Address);
        Assert.Equal(["IPv6", "IPv6"], explanation.Calls.Select(call => call.Offer));
        Assert.Contains("is no question", await bench.Client.AskAsync("explain bob"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show weather")]
    [InlineData("")]
    [InlineData("GET / HTTP/1.1")]
    public async Task Ask_Unknown_SaysWhatIsKnown(string request)
    {
        await using var bench = new ControlBench();

        Assert.Contains("known are show bindings, show calls, show listeners, show messages, show peers, show presence, show runtime, show subscriptions, explain {", await bench.Client.AskAsync(request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_EndlessLine_IsCutOff()
    {
        await using var bench = new ControlBench();

        Assert.Contains("unknown request", await bench.Client.AskAsync(new string('x', 100_000)) ?? "unknown request (cut off while sending)", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_NoServer_IsAnError()
    {
        using var folder = new TemporaryFolder();

        ControlResult<BindingView> result = await new ControlClient(folder["none.sock"]).BindingsAsync();

        Assert.Contains("no server answers at", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_SocketLeftBehind_IsReplaced()
    {
        using var folder = new TemporaryFolder();
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(folder["bound.sock"]));
            File.Move(folder["bound.sock"], folder["control.sock"]); // or it would go with its socket
        }

        Assert.True(File.Exists(folder["control.sock"]));
        await using var bench = new ControlBench(folder["control.sock"]);
        Assert.Null((await bench.Client.ListenersAsync()).Error);
    }

    [Fact]
    public async Task Open_WhereAFileIs_LeavesItAlone()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["notes"], "mine");
        await using var bench = new ControlBench();

        Assert.Null(ControlServer.Open(folder["notes"], bench.Requests, NullLogger<ControlServer>.Instance));
        Assert.Equal("mine", File.ReadAllText(folder["notes"]));
    }

    [Fact]
    public async Task Open_WhereAServerAnswers_IsLeftToIt()
    {
        await using var bench = new ControlBench();

        Assert.Null(ControlServer.Open(bench.Client.Path, bench.Requests, NullLogger<ControlServer>.Instance));
        Assert.Null((await bench.Client.CallsAsync()).Error);
    }

    [Fact]
    public async Task Open_TheSocket_IsItsOwnersOnlyAndGoneAfterwards()
    {
        string path;
        await using (var bench = new ControlBench())
        {
            path = bench.Client.Path;
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }
        }

        Assert.False(File.Exists(path));
    }

    private sealed class ControlBench : IAsyncDisposable, ICallView
    {
        private readonly TemporaryFolder _folder = new();
        private readonly ControlServer _server;
        private readonly GarbagePauses _pauses = new(TimeProvider.System);

        public ControlBench(string? path = null, ServerOptions? options = null)
        {
            Client = new ControlClient(path ?? _folder["control.sock"]);
            var locator = new SipLocator(new LocatorOptions(), Dns, new FakeReach(), Registrar.Time);
            Directory = new ServerDirectory(new PeerTable(options ?? new ServerOptions()), locator, JudgeMethod.Auto, Registrar.Time, TimeSpan.FromMilliseconds(250), new Random(1));
            Health = new TargetHealth(new TargetHealthOptions(), Registrar.Time);
            Requests = new ControlRequests(Registrar.Location, this, () => [], new PeerReport(Directory, Health), new Explainer(Registrar.Domains, Directory, Health, () => IpVersions.Both, users: null).ExplainAsync, _pauses, Registrar.Time);
            _server = ControlServer.Open(Client.Path, Requests, NullLogger<ControlServer>.Instance)!;
        }

        public RegistrarBench Registrar { get; } = new();

        public FakeDns Dns { get; } = new();

        public ServerDirectory Directory { get; }

        public TargetHealth Health { get; }

        public ControlRequests Requests { get; }

        public ControlClient Client { get; }

        public IEnumerable<CallSummary> Calls =>
            [new("c1", "sip:alice@example.com", "sip:bob@example.com", "ringing", IpVersion.V6, null, Registrar.Time.GetUtcNow() - TimeSpan.FromSeconds(5))];

        public async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            _pauses.Dispose();
            Registrar.Dispose();
            _folder.Dispose();
        }
    }
}
