// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Server;
using Isthmus.Server.Diagnostics;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RegistrarService = Isthmus.Server.Registrar.Registrar;

namespace Isthmus.Tests.Server.Registrar;

/// <summary>A registrar with its location service on fake time, without a socket: a REGISTER in, its answer out.</summary>
internal sealed class RegistrarBench : IDisposable
{
    public const string Instance = "urn:uuid:00000000-0000-1000-8000-000A95A0E128";

    private static readonly string[] Vias = ["SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK1", "SIP/2.0/UDP [2001:db8::7]:5060;branch=z9hG4bK1"];

    private readonly RegistrarService _registrar;
    private readonly Flow[] _flows = [FlowOf(IpVersion.V4), FlowOf(IpVersion.V6)];
    private readonly ServerMetrics _metrics = new();

    public RegistrarBench(ServerOptions? options = null, ILocationStore? store = null)
    {
        options ??= new ServerOptions { Domains = [new DomainOptions { Name = "example.com", Aliases = ["alias.example"] }] };
        Timers = new TimerWheel(Time);
        Domains = new Domains(options, new LocalAddresses(Time, () => []));
        Location = new LocationService(store ?? new MemoryLocationStore(), Domains, Timers, Time, options.Limits, NullLogger<LocationService>.Instance);
        Location.Load();
        _registrar = new RegistrarService(options, Domains, Location, _metrics, Time, NullLogger<RegistrarService>.Instance, new MessagePool(), (_, response) => Answered.Add(response.ToString()));
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public TimerWheel Timers { get; }

    /// <summary>The answers to what was taken without a transaction.</summary>
    public List<string> Answered { get; } = [];

    public Domains Domains { get; }

    public LocationService Location { get; }

    public static Flow FlowOf(IpVersion version, int port = 5060) => TestFlow.Of(SipTransport.Udp, version, port);

    /// <summary>A flow to the listener that the bench has for this version.</summary>
    public Flow FlowHere(IpVersion version, int port = 5060)
    {
        Flow flow = _flows[version == IpVersion.V4 ? 0 : 1];
        return flow.To(new IPEndPoint(flow.Remote.Address, port));
    }

    /// <summary>A REGISTER of alice by UDP.</summary>
    public static SipRequest Request(IpVersion version, string callId, uint cseq, string[] contacts, string to = "sip:alice@example.com", string[]? headers = null)
    {
        RequestBuilder builder = new RequestBuilder(SipMethod.Register, "sip:example.com")
            .Header(HeaderName.Via, Vias[version == IpVersion.V4 ? 0 : 1])
            .Header(HeaderName.From, $"<{to}>;tag=1")
            .Header(HeaderName.To, $"<{to}>")
            .Header(HeaderName.CallId, callId)
            .Header(HeaderName.CSeq, $"{cseq} REGISTER");
        foreach (string contact in contacts)
        {
            builder.Header(HeaderName.Contact, contact);
        }

        foreach (string header in headers ?? [])
        {
            string[] parts = header.Split(": ", 2);
            builder.Header(parts[0], parts[1]);
        }

        return builder.Build();
    }

    public SipResponse Send(IpVersion version, string callId, uint cseq, string[] contacts, string to = "sip:alice@example.com", string[]? headers = null, int port = 5060)
    {
        SipResponse? answer = null;
        using var answered = new ManualResetEventSlim();
        _registrar.Handle(new ReceivedRequest(Request(version, callId, cseq, contacts, to, headers), FlowHere(version, port)), response =>
        {
            answer = response;
            answered.Set();
        });
        Assert.True(answered.Wait(TimeSpan.FromSeconds(30)), "no answer");
        return answer!;
    }

    /// <summary>Sends a REGISTER without a transaction. False: it needs one.</summary>
    public bool TryHandleWithoutState(uint cseq, string[] contacts, int port = 5060) =>
        _registrar.TryHandleWithoutState(new ReceivedRequest(Request(IpVersion.V4, "a", cseq, contacts), FlowHere(IpVersion.V4, port)));

    /// <summary>Registers user <paramref name="number"/> without waiting; <paramref name="answered"/> gets the status.</summary>
    public void Post(int number, Action<int> answered) => _registrar.Handle(
        new ReceivedRequest(Request(IpVersion.V4, $"call-{number}", 1, [$"<sip:u{number}@192.0.2.7>"], $"sip:u{number}@example.com"), FlowHere(IpVersion.V4)),
        response => answered(response.StatusCode));

    /// <inheritdoc cref="Post(int, Action{int})"/>
    public void Post(int number, Func<bool> answered) => Post(number, _ => answered());

    /// <summary>What this thread allocates for the answers to requests that come by the same flow; for a store in memory.</summary>
    public long AllocatedBy(SipRequest[] requests)
    {
        Flow flow = FlowHere(IpVersion.V4);
        int accepted = 0;
        Action<SipResponse> respond = response =>
        {
            accepted += response.StatusCode == 200 ? 1 : 0;
            response.Dispose();
        };
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (SipRequest request in requests)
        {
            _registrar.Handle(new ReceivedRequest(request, flow), respond);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(requests.Length, accepted);
        return allocated;
    }

    /// <summary>The URIs that are bound, in order.</summary>
    public string[] Bound(string aor = "sip:alice@example.com") => [.. Location.BindingsOf(aor).Select(binding => binding.Uri.ToString())];

    public void Dispose()
    {
        Location.Dispose();
        Timers.Dispose();
        _metrics.Dispose();
    }
}
