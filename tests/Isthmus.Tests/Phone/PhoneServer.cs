// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.DualStack;
using Isthmus.Server;
using Isthmus.Server.Diagnostics;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Proxy;
using Isthmus.Server.Registrar;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;
using Isthmus.Tests.Stack.Resolution;
using Microsoft.Extensions.Logging.Abstractions;
using RegistrarOfServer = Isthmus.Server.Registrar.Registrar;

namespace Isthmus.Tests.Phone;

/// <summary>A whole server for example.com on the scene's server host, by both versions and transports.</summary>
internal sealed class PhoneServer : IAsyncDisposable, IVerdictObserver
{
    private readonly LocationService _location;

    public PhoneServer(PhoneScene scene, JudgeMethod method = JudgeMethod.Auto, PresenceOptions? presence = null, bool onAllAddresses = false, params ResourceListOptions[] lists)
    {
        var options = new ServerOptions
        {
            Judge = method,
            Presence = presence ?? new(),
            Lists = lists,
            Domains = [new DomainOptions { Name = "example.com" }],
            Listeners =
            [
                .. from address in scene.S1.Addresses
                   from transport in (SipTransport[])[SipTransport.Udp, SipTransport.Tcp]
                   select new ListenerOptions { Transport = transport, Address = !onAllAddresses ? address : address.Version == IpVersion.V4 ? IPAddress.Any : IPAddress.IPv6Any, Port = PhoneScene.Port },
            ],
        };
        Stack = new SipStack(new SipStackOptions { PoolTransactions = true, Transport = new TransportOptions { Listeners = options.Listeners } }, scene.S1, scene.World.Time, NullLoggerFactory.Instance);
        var domains = new Domains(options, new LocalAddresses(scene.World.Time, () => scene.S1.Addresses));
        _location = new LocationService(new MemoryLocationStore(), domains, Stack.Timers, scene.World.Time, options.Limits, NullLogger<LocationService>.Instance);
        _location.Load();
        var registrar = new RegistrarOfServer(options, domains, _location, new ServerMetrics(), scene.World.Time, NullLogger<RegistrarOfServer>.Instance, Stack.Messages, Stack.Answer);
        Proxy = ServerParts.Of(Stack, options, domains, _location, new RegistrarStep(registrar, domains), this, new RouteMarks(_location.Secret), new FakeDns());
        Assert.Empty(Stack.Start(Proxy.Core).Faults);
    }

    public SipStack Stack { get; }

    public ServerParts Proxy { get; }

    public List<VerdictReport> Verdicts { get; } = [];

    public IEnumerable<Binding> Bindings => _location.All();

    public ValueTask DisposeAsync()
    {
        _location.Dispose();
        return Stack.DisposeAsync();
    }

    void IVerdictObserver.Judged(in VerdictReport report) => Verdicts.Add(report);
}
