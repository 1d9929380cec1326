// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Media;
using Isthmus.Phone;
using Isthmus.Sip;
using Isthmus.Testing;
using Microsoft.Extensions.Logging;

namespace Isthmus.Tests.Phone;

/// <summary>A network with dual-stack, IPv4-only and IPv6-only hosts, and phones on them.</summary>
internal sealed class PhoneScene : IDisposable
{
    public const int Port = 5060;

    private readonly List<Exception> _faults = [];

    public PhoneScene(int seed = 1)
    {
        World = new World(seed);
        T5 = World.Network.Host("t5", "10.0.0.5", "2001:db8::5");
        T6 = World.Network.Host("t6", "10.0.0.6");
        T7 = World.Network.Host("t7", "2001:db8::7");
        T8 = World.Network.Host("t8", "10.0.0.8", "2001:db8::8");
        S1 = World.Network.Host("s1", "10.0.0.1", "2001:db8::1");
    }

    public World World { get; }

    /// <summary>A dual-stack host.</summary>
    public MemoryHost T5 { get; }

    /// <summary>An IPv4-only host.</summary>
    public MemoryHost T6 { get; }

    /// <summary>An IPv6-only host.</summary>
    public MemoryHost T7 { get; }

    /// <summary>Another dual-stack host.</summary>
    public MemoryHost T8 { get; }

    /// <summary>A dual-stack host for a server, or for whoever plays one.</summary>
    public MemoryHost S1 { get; }

    public static ServerAddress ServerV4 { get; } = new(new IPEndPoint(IPAddress.Parse("10.0.0.1"), Port));

    public static ServerAddress ServerV6 { get; } = new(new IPEndPoint(IPAddress.Parse("2001:db8::1"), Port));

    /// <summary>A phone, listening on port 5060, that says a tone and hears another.</summary>
    public SipPhone Phone(MemoryHost host, PhoneOptions? options = null, Tones? tones = null)
    {
        options ??= new PhoneOptions();
        var phone = new SipPhone(options with { Ipv4Port = Port, Ipv6Port = Port, Audio = tones ?? options.Audio }, host, World.Time, new FaultLog(_faults));
        Assert.True(phone.Start().IsUsable);
        return phone;
    }

    public static AccountOptions Account(string user, RegistrationMode mode = RegistrationMode.Both, params ServerAddress[] servers) => new()
    {
        Address = $"sip:{user}@example.com",
        Mode = mode,
        Servers = servers.Length > 0 ? servers : [ServerV6, ServerV4],
    };

    /// <summary>Plays a phone on the dual-stack host and somebody by hand on the server's, by IPv4; afterwards nothing of it may be left in the phone.</summary>
    public static void Play(Func<PhoneScene, SipPhone, ScriptedPeer, Task> script, PhoneOptions? options = null)
    {
        using var scene = new PhoneScene();
        scene.World.Run(
            async () =>
            {
                await using var phone = scene.Phone(scene.T5, options);
                using var peer = new ScriptedPeer(scene.S1, "10.0.0.1");
                await script(scene, phone, peer);
                await scene.AssertNothingLeft(phone);
            },
            TimeSpan.FromHours(3));
    }

    /// <inheritdoc cref="Play(Func{PhoneScene, SipPhone, ScriptedPeer, Task}, PhoneOptions?)"/>
    public static void Play(PhoneOptions options, Func<PhoneScene, SipPhone, ScriptedPeer, Task> script) => Play(script, options);

    /// <summary>Plays alice's IPv6-only phone and bob's IPv4-only one, both registered at a server.</summary>
    public static void PlayPair(
        Func<PhoneScene, SipPhone, SipPhone, Task> script, SipTransport six = SipTransport.Udp, SipTransport four = SipTransport.Udp, Func<PhoneScene, PhoneServer>? serve = null)
    {
        using var scene = new PhoneScene();
        scene.World.Run(
            async () =>
            {
                await using var server = serve?.Invoke(scene) ?? new PhoneServer(scene);
                await using var alice = scene.Phone(scene.T7, new() { Accounts = [Account("alice", RegistrationMode.Ipv6)], Ipv6Transport = six });
                await using var bob = scene.Phone(scene.T6, new() { Accounts = [Account("bob", RegistrationMode.Ipv4)], Ipv4Transport = four });
                Assert.True((await alice.RegisterAsync()).IsUsable);
                Assert.True((await bob.RegisterAsync()).IsUsable);
                await script(scene, alice, bob);
            },
            TimeSpan.FromHours(8));
    }

    public void Run(Func<Task> scenario) => World.Run(scenario);

    public Task Seconds(double seconds) => World.Delay(TimeSpan.FromSeconds(seconds));

    /// <summary>After all that is due to time out has: nothing of a call is left.</summary>
    public async Task AssertNothingLeft(params SipPhone[] phones)
    {
        await Seconds(40);
        foreach (var phone in phones)
        {
            Assert.Equal(default, phone.Resources);
            Assert.Empty(phone.Calls);
            Assert.Equal(0, phone.Stack.LiveTransactions);
        }

        Assert.Empty(_faults);
    }

    public void Dispose() => World.Dispose();

    /// <summary>Collects the exceptions that the stack caught for a phone: there must be none.</summary>
    private sealed class FaultLog(List<Exception> faults) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null)
            {
                faults.Add(exception);
            }
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Sends a tone of its own to every call, and listens for the other side's.</summary>
    internal sealed class Tones(double frequency) : ICallAudio
    {
        public Dictionary<Call, ToneDetector> Ears { get; } = [];

        public int Closed { get; private set; }

        public CallAudio Open(Call call) => new(new ToneSource(frequency), Ears[call] = new ToneDetector());

        public void Close(Call call, CallAudio audio) => Closed++;

        public double? Heard(Call call) => Ears.TryGetValue(call, out var ear) ? ear.Heard?.FrequencyHz : null;
    }
}
