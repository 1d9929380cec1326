// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.DualStack;
using Isthmus.Server;
using Isthmus.Server.Diagnostics;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Messaging;
using Isthmus.Server.Proxy;
using Isthmus.Server.Registrar;
using Isthmus.Server.Storing;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;
using Isthmus.Tests.Stack.Resolution;
using Microsoft.Extensions.Logging.Abstractions;
using RegistrarOfServer = Isthmus.Server.Registrar.Registrar;

namespace Isthmus.Tests.Server;

/// <summary>A whole server for example.com on 192.0.2.1 and 2001:db8::1, UDP and TCP, in simulated time, with user agents that read from a script.</summary>
internal sealed class ServerWorld : IDisposable, IVerdictObserver
{
    public const string OfferV4 = "v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n";
    public const string OfferV6 = "v=0\r\no=- 1 1 IN IP6 2001:db8::10\r\ns=-\r\nc=IN IP6 2001:db8::10\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n";

    private static readonly IPEndPoint V4 = new(IPAddress.Parse("192.0.2.1"), 5060);
    private static readonly IPEndPoint V6 = new(IPAddress.Parse("2001:db8::1"), 5060);

    private readonly Dictionary<string, MemoryHost> _hosts = [];
    private readonly LocationService _location;
    private int _registrations;

    private ServerWorld(ServerOptions options)
    {
        MemoryHost host = World.Network.Host("server", V4.Address.ToString(), V6.Address.ToString());
        options = options with
        {
            Domains = options.Domains is { Count: > 0 } named ? named : [new DomainOptions { Name = "example.com" }],
            Listeners =
            [
                .. from address in (IPAddress[])[V4.Address, V6.Address]
                   from transport in (SipTransport[])[SipTransport.Udp, SipTransport.Tcp]
                   select new ListenerOptions { Transport = transport, Address = address, Port = 5060 },
            ],
        };
        Stack = new SipStack(new SipStackOptions { PoolTransactions = true, Transport = new TransportOptions { Listeners = options.Listeners } }, host, World.Time, NullLoggerFactory.Instance);
        var domains = Domains = new Domains(options, new LocalAddresses(World.Time, () => host.Addresses));
        _location = new LocationService(new MemoryLocationStore(), domains, Stack.Timers, World.Time, options.Limits, NullLogger<LocationService>.Instance);
        _location.Load();
        var registrar = new RegistrarOfServer(options, domains, _location, new ServerMetrics(), World.Time, NullLogger<RegistrarOfServer>.Instance, Stack.Messages, Stack.Answer);
        Mailroom = new Mailroom(Writer, Stack, _location, options, _location.Secret, NullLogger<Mailroom>.Instance);
        Proxy = ServerParts.Of(Stack, options, domains, _location, new RegistrarStep(registrar, domains), this, new RouteMarks(_location.Secret), Dns, mailroom: Mailroom);
        _location.Observe(Proxy.Events.Hub);
        _location.Observe(Mailroom);
        Assert.Empty(Stack.Start(Proxy.Core).Faults);
        Mailroom.Start();
    }

    public World World { get; } = new();

    public SipStack Stack { get; }

    public ServerParts Proxy { get; }

    public ILocationService Location => _location;

    /// <summary>The store: in memory, so that nothing has to be waited for.</summary>
    public StoreWriter Writer { get; } = StoreWriter.Open(null, NullLogger.Instance);

    public Mailroom Mailroom { get; }

    public Domains Domains { get; }

    public List<VerdictReport> Verdicts { get; } = [];

    /// <summary>What DNS knows of other domains: nothing, until a scenario says more.</summary>
    public FakeDns Dns { get; } = new();

    /// <summary>Plays a scenario against a server; afterwards nothing of it may be left in the server.</summary>
    public static void Play(Func<ServerWorld, Task> scenario, ServerOptions? options = null, TimeSpan? limit = null)
    {
        using var world = new ServerWorld(options ?? new ServerOptions());
        world.World.Run(() => scenario(world), limit);
    }

    public static void Play(JudgeMethod method, Func<ServerWorld, Task> scenario) => Play(scenario, new ServerOptions { Judge = method });

    /// <summary>The server's host as a user agent's side writes it.</summary>
    public static string HostTowards(ScriptedUa ua) => ua.Local.Address.Version == IpVersion.V4 ? V4.ToString() : V6.ToString();

    /// <summary>What DNS says of these URIs is in the server's cache: it knows at once where they are.</summary>
    public void Warm(params string[] uris)
    {
        foreach (string uri in uris)
        {
            Assert.True(SipUri.TryParse(uri, out SipUri? parsed));
            Assert.True(Proxy.Directory.FindAsync(parsed).AsTask().Wait(TimeSpan.FromSeconds(30)));
        }
    }

    /// <summary>Waits until that many requests, since the start, have had to wait for DNS.</summary>
    public Task Searching(int count = 1) => World.Until(() => Proxy.Waiting.Taken == count);

    /// <summary>Waits until none waits for DNS any more, without letting time pass meanwhile: its answers come by other threads.</summary>
    public void Found() => Assert.True(SpinWait.SpinUntil(() => Proxy.Waiting.Done == Proxy.Waiting.Taken, TimeSpan.FromSeconds(30)));

    /// <summary>A user agent at an address; user agents of one address share the host.</summary>
    public ScriptedUa Ua(string user, string address, bool tcp = false, int port = 0)
    {
        if (!_hosts.TryGetValue(address, out MemoryHost? host))
        {
            host = _hosts[address] = World.Network.Host($"{user}@{address}", address);
        }

        IPEndPoint server = IPAddress.Parse(address).Version == IpVersion.V4 ? V4 : V6;
        return tcp ? ScriptedUa.Tcp(World, host, user, address, server) : ScriptedUa.Udp(World, host, user, address, server, port);
    }

    /// <summary>Registers user agents, each with one Contact.</summary>
    public async Task Register(params ScriptedUa[] agents)
    {
        foreach (ScriptedUa ua in agents)
        {
            await Register(ua, "");
        }
    }

    /// <summary>Registers a user agent.</summary>
    public async Task Register(ScriptedUa ua, string contactParameters = "", string headers = "", int expires = 3600)
    {
        ua.Send(ua.Request(
            "REGISTER",
            "sip:example.com",
            $"Contact: {ua.Contact}{contactParameters}\nExpires: {expires}\n{headers}",
            callId: $"register-{ua.User}-{ua.Local}",
            to: $"<sip:{ua.User}@example.com>",
            cseq: (uint)++_registrations));
        await ua.Expect("200");
    }

    /// <summary>Registers Contacts that a user agent would not write by itself.</summary>
    public static async Task RegisterContact(ScriptedUa ua, string contact)
    {
        ua.Send(ua.Request("REGISTER", "sip:example.com", $"Contact: {contact}\nExpires: 3600", callId: "away", to: $"<sip:{ua.User}@example.com>"));
        await ua.Expect("200");
    }

    /// <summary>Alice and Bob, who have registered.</summary>
    public async Task<(ScriptedUa Alice, ScriptedUa Bob)> AliceAndBob(string alice = "192.0.2.10", string bob = "192.0.2.20")
    {
        (ScriptedUa caller, ScriptedUa callee) = (Ua("alice", alice), Ua("bob", bob));
        await Register(caller, callee);
        return (caller, callee);
    }

    /// <summary>Carol, who has IPv6 only, and Bob, who has IPv4 only; they have registered.</summary>
    public async Task<(ScriptedUa Carol, ScriptedUa Bob)> CarolAndBob()
    {
        (ScriptedUa carol, ScriptedUa bob) = (Ua("carol", "2001:db8::30"), Ua("bob", "192.0.2.20"));
        await Register(carol, bob);
        return (carol, bob);
    }

    /// <summary>Alice and two phones of Bob's, which have registered with these parameters of their Contacts.</summary>
    public async Task<(ScriptedUa Alice, ScriptedUa One, ScriptedUa Two)> AliceAndTwoOfBob(string secondAddress = "192.0.2.21", string first = "", string second = "")
    {
        (ScriptedUa alice, ScriptedUa one) = (Ua("alice", "192.0.2.10"), Ua("bob", "192.0.2.20"));
        ScriptedUa two = Ua("bob", secondAddress);
        await Register(alice);
        await Register(one, first);
        await Register(two, second);
        return (alice, one, two);
    }

    /// <summary>A call that reaches two user agents.</summary>
    public static async Task<(RawMessage Invite, RawMessage One, RawMessage Two)> Fork(ScriptedUa caller, string uri, ScriptedUa one, ScriptedUa two)
    {
        RawMessage invite = caller.Send(caller.Request("INVITE", uri, body: OfferV4));
        return (invite, await one.Expect("INVITE"), await two.Expect("INVITE"));
    }

    /// <summary>A call of one user agent to another, answered and acknowledged.</summary>
    public async Task<(RawMessage Invite, RawMessage Ok)> Call(ScriptedUa caller, ScriptedUa callee, string uri, string offer = "")
    {
        RawMessage invite = caller.Send(caller.Request("INVITE", uri, body: offer));
        RawMessage received = await callee.Expect("INVITE");
        callee.Respond(received, 200, "OK", body: OfferV4);
        RawMessage ok = await caller.Expect("200");
        caller.Send(caller.InDialog("ACK", invite, ok));
        await callee.Expect("ACK");
        return (invite, ok);
    }

    public void Dispose()
    {
        Stack.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _location.Dispose();
        Writer.Dispose();
        World.Dispose();
    }

    void IVerdictObserver.Judged(in VerdictReport report) => Verdicts.Add(report);
}
