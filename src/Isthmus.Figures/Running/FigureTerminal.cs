// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Media;
using Isthmus.Phone;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;

namespace Isthmus.Figures;

/// <summary>A phone in the role of a figure's terminal: it plays its own tone, and recognises the other's.</summary>
internal sealed class FigureTerminal : IAsyncDisposable, ICallAudio
{
    private readonly double _frequency;

    public FigureTerminal(Terminal plan, IFigureGround ground, INetwork network, FigureServer server, SipTransport transport, FigureSettings settings, double frequency, ILoggerFactory loggers)
    {
        Plan = plan;
        _frequency = frequency;
        Phone = new SipPhone(
            new PhoneOptions
            {
                Accounts = [new AccountOptions { Address = FigureServer.AddressOf(plan), Mode = plan.Mode, RequestVersion = plan.RequestVersion, Servers = server.Addresses(plan.Has, transport) }],
                Versions = plan.Has,
                Prefer = plan.Prefer,
                Ipv4Transport = transport,
                Ipv6Transport = transport,
                Ipv4Address = plan.Has.Has(IpVersion.V4) ? ground.AddressOf(plan.Name, IpVersion.V4) : null,
                Ipv6Address = plan.Has.Has(IpVersion.V6) ? ground.AddressOf(plan.Name, IpVersion.V6) : null,
                RtpPorts = PortRange.Any,
                Answer = settings.Ending is FigureEnding.CalleeRejects or FigureEnding.CallerCancels ? AnswerPolicy.Ask : AnswerPolicy.Automatic,
                AnswerAfter = settings.RingFor,
                Audio = this,
            },
            network,
            ground.Time,
            loggers);
    }

    public Terminal Plan { get; }

    public SipPhone Phone { get; }

    public ToneDetector Heard { get; private set; } = new();

    /// <summary>Starts and registers; what went wrong, or null.</summary>
    public async Task<string?> StartAsync(CancellationToken cancellation)
    {
        StartResult started = Phone.Start();
        if (started.Listeners.FirstOrDefault(listener => listener.Error is not null) is { } deaf)
        {
            return $"{Plan.Name} cannot use {deaf.Version.DisplayName}: {deaf.Error}";
        }

        RegistrationResult registered = await Phone.RegisterAsync(null, cancellation);
        return registered.IsComplete ? null : $"{Plan.Name} could not register: {registered.Summary}";
    }

    public CallAudio Open(Call call)
    {
        Heard = new ToneDetector();
        return new(new ToneSource(_frequency), Heard);
    }

    public ValueTask DisposeAsync() => Phone.DisposeAsync();
}
