// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Server;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Peers;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Tests.Server;

/// <summary>A proxy that sends what a caller says to the servers of another domain, in simulated time. What the servers are, a test says.</summary>
internal sealed class WalkWorld : IDisposable
{
    private static readonly IPEndPoint V4 = new(IPAddress.Parse("192.0.2.1"), 5060);
    private static readonly IPEndPoint V6 = new(IPAddress.Parse("2001:db8::1"), 5060);

    private readonly MemoryHost _proxyHost;
    private readonly List<FarServer> _far = [];

    private WalkWorld(int seed)
    {
        World = new World(seed);
        _proxyHost = World.Network.Host("proxy", V4.Address.ToString(), V6.Address.ToString());
        var options = new ServerOptions
        {
            Domains = [new DomainOptions { Name = "example.com" }],
            Listeners =
            [
                .. from address in (IPAddress[])[V4.Address, V6.Address]
                   from transport in (SipTransport[])[SipTransport.Udp, SipTransport.Tcp]
                   select new ListenerOptions { Transport = transport, Address = address, Port = 5060 },
            ],
        };
        Stack = new SipStack(new SipStackOptions { PoolTransactions = true, Transport = new TransportOptions { Listeners = options.Listeners } }, _proxyHost, World.Time, NullLoggerFactory.Instance);
        var domains = new Domains(options, new LocalAddresses(World.Time, () => _proxyHost.Addresses));
        Health = new TargetHealth(new TargetHealthOptions(), World.Time);
        var environment = new ProxyEnvironment
        {
            Stack = Stack,
            Options = options,
            Targets = new ProxyTargets(Stack, Health),
            Health = Health,
            Prober = new TargetProber(Stack, Health),
            Observer = new CallTable(World.Time, 1000),
            Marks = new RouteMarks(new byte[32]),
            Messages = Stack.Messages,
        };
        var pipeline = new RequestPipeline([new RouteStep(domains, environment.Marks), new TargetStep(this), new ForwardStep(environment)]);
        Assert.Empty(Stack.Start(new ProxyCore(environment, pipeline, domains)).Faults);
        MemoryHost host = World.Network.Host("alice", "192.0.2.10");
        Alice = ScriptedUa.Udp(World, host, "alice", "192.0.2.10", V4);
    }

    public World World { get; }

    public SipStack Stack { get; }

    public TargetHealth Health { get; }

    public ScriptedUa Alice { get; }

    /// <summary>The servers of the other domain, in order.</summary>
    public List<LocatedTarget> Servers { get; } = [];

    /// <summary>Plays a scenario; a minute after it nothing of it may be left in the proxy.</summary>
    public static void Play(Func<WalkWorld, Task> scenario, int seed = 1)
    {
        using var world = new WalkWorld(seed);
        world.World.Run(async () =>
        {
            await scenario(world);
            await world.World.Delay(TimeSpan.FromSeconds(70));
            for (int i = 0; i < 100 && world.Stack.LiveTransactions > 0; i++)
            {
                await world.Delay(1000); // now and then a bad server is probed
            }
        });
        Assert.Equal((0, 0), (world.Stack.LiveTransactions, world.Stack.Snapshot.Pending));
        Assert.Equal(0, world.Stack.TransactionCounters.UserFaults);
    }

    /// <summary>One more server, found by each of its addresses.</summary>
    public FarServer Far(string name, SipTransport transport, int group, params string[] addresses)
    {
        var far = new FarServer(World, name, addresses);
        _far.Add(far);
        Servers.AddRange(far.At(transport, group));
        return far;
    }

    /// <summary>A host that has no server: ICMP, and resets.</summary>
    public void Closed(SipTransport transport, string address)
    {
        World.Network.Host("closed " + address, address);
        Servers.Add(new LocatedTarget(transport, new IPEndPoint(IPAddress.Parse(address), FarServer.Port), "closed", 0, TimeSpan.MaxValue));
    }

    /// <summary>What the way to it does.</summary>
    public LinkFaults LinkTo(FarServer far) => World.Network.Link(_proxyHost, far.Host);

    /// <summary>Packets of these versions vanish.</summary>
    public void Blackhole(FarServer far, IpVersions versions) => LinkTo(far).Blackhole = versions;

    /// <summary>Resets what connections there are with it.</summary>
    public void ResetStreams(FarServer far) => World.Network.ResetStreams(_proxyHost, far.Host);

    /// <summary>An INVITE, and how long it takes until the caller hears a status other than 100.</summary>
    public async Task<(RawMessage Invite, RawMessage Answer, TimeSpan Time)> Invite(string status = "180", double within = 5)
    {
        DateTimeOffset start = World.Time.GetUtcNow();
        RawMessage invite = Alice.Send(Alice.Request("INVITE", "sip:bob@far.example", body: ServerWorld.OfferV4));
        RawMessage answer = await Alice.Expect(status, TimeSpan.FromSeconds(within));
        return (invite, answer, World.Time.GetUtcNow() - start);
    }

    public Task Delay(double milliseconds) => World.Delay(TimeSpan.FromMilliseconds(milliseconds));

    public TargetState StateOf(FarServer far, IpVersion version, SipTransport transport = SipTransport.Udp) =>
        Health.StateOf(transport, new IPEndPoint(far.Addresses.First(address => address.Version == version), FarServer.Port));

    public void Dispose()
    {
        _far.ForEach(far => far.Dispose());
        Stack.DisposeAsync().AsTask().GetAwaiter().GetResult();
        World.Dispose();
    }

    private sealed class TargetStep(WalkWorld world) : IRequestStep
    {
        public string Name => "target";

        public StepResult Handle(RequestContext context)
        {
            if (context.TryGetUri(out SipUriView uri) && NextHop.Of(world.Stack, uri) is { } numeric)
            {
                context.Targets.Add(new ProxyTarget { NextHop = numeric });
                return StepResult.Continue;
            }

            var servers = new ServerList { Domain = "far.example", Targets = [.. world.Servers], Versions = IpVersions.Both };
            context.Targets.Add(new ProxyTarget { NextHop = servers.Targets[0].ToTarget(), Servers = servers });
            return StepResult.Continue;
        }
    }
}
