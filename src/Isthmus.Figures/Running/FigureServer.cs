// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Isthmus.DualStack;
using Isthmus.Phone;
using Isthmus.Server;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;

namespace Isthmus.Figures;

/// <summary>The server S1 of a figure: UDP and TCP on both IP versions, ports of its own, nothing kept. Its verdicts are remarks on the ladder.</summary>
internal sealed class FigureServer(IFigureGround ground, TappedNodes nodes, JudgeMethod method, ILoggerFactory loggers) : IVerdictObserver, IAsyncDisposable
{
    private const string Name = "S1";
    private const string Domain = "isthmus.example";
    private IsthmusServer? _server;

    /// <summary>Starts it; what went wrong, or null.</summary>
    public async ValueTask<string?> StartAsync()
    {
        var options = new ServerOptions
        {
            Listeners = [.. from version in (IpVersion[])[IpVersion.V4, IpVersion.V6]
                            from transport in (SipTransport[])[SipTransport.Udp, SipTransport.Tcp]
                            select new ListenerOptions { Transport = transport, Address = ground.AddressOf(Name, version), Port = 0 }],
            Domains = [new DomainOptions { Name = Domain }],
            Judge = method,
        };
        ServerStart started = await IsthmusServer.StartAsync(options, nodes.NetworkOf(Name, ground.NetworkOf(Name, IpVersions.Both)), ground.Time, loggers, this);
        _server = started.Server;
        return _server is null || started.Problems.Count > 0 ? $"the server could not start: {string.Join("; ", started.Problems)}" : null;
    }

    public static string AddressOf(Terminal terminal) => $"sip:{terminal.User}@{Domain}";

    /// <summary>What its stack still holds.</summary>
    public StackSnapshot Snapshot => _server?.Stack.Snapshot ?? default;

    /// <summary>Where terminals with these versions and that transport reach it.</summary>
    public IReadOnlyList<ServerAddress> Addresses(IpVersions versions, SipTransport transport) =>
        [.. Listeners(transport).Where(endPoint => versions.Has(endPoint.Address.Version)).Select(endPoint => new ServerAddress(endPoint, transport))];

    public void Judged(in VerdictReport report)
    {
        string offer = report.Offer is { } versions ? versions == IpVersions.Both ? "open offer" : $"{versions.Single?.AddressType} offer" : "no offer";
        string verdict = report.Version is { } version ? $"{report.Verdict} to {version.DisplayName}" : report.Verdict;
        nodes.Ladder.Note(Name, string.Create(CultureInfo.InvariantCulture, $"{verdict}: {offer} on {report.Arrival.DisplayName}, {report.Reason}"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private IEnumerable<IPEndPoint> Listeners(SipTransport transport) =>
        (_server?.Listeners ?? []).Where(listener => listener.Transport == transport).Select(listener => listener.LocalEndPoint);
}
