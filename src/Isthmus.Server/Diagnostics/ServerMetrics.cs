// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using Isthmus.Server.Events;
using Isthmus.Server.Messaging;
using Isthmus.Sip;

namespace Isthmus.Server.Diagnostics;

/// <summary>The server's numbers: a <see cref="Meter"/> that any OpenTelemetry exporter reads.</summary>
internal sealed class ServerMetrics : IDisposable
{
    /// <summary>The name to subscribe to.</summary>
    public const string MeterName = "Isthmus.Server";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _verdicts;
    private readonly Counter<long> _registrations;

    public ServerMetrics()
    {
        _verdicts = _meter.CreateCounter<long>("isthmus.verdicts", "{verdict}", "Decisions of the judge");
        _registrations = _meter.CreateCounter<long>("isthmus.registrations", "{request}", "REGISTER requests by the status of their answer");
    }

    /// <summary>Adds the gauges that are read from living parts.</summary>
    public void Observe(Func<int> bindings, Func<int> addressesOfRecord, Func<int> transactions, Func<int> calls, Func<int> searches)
    {
        _meter.CreateObservableGauge("isthmus.bindings", bindings, "{binding}", "Bindings registered");
        _meter.CreateObservableGauge("isthmus.addresses_of_record", addressesOfRecord, "{address}", "Addresses-of-record with a binding");
        _meter.CreateObservableGauge("isthmus.transactions", transactions, "{transaction}", "Live transactions");
        _meter.CreateObservableGauge("isthmus.calls", calls, "{call}", "Calls");
        _meter.CreateObservableGauge("isthmus.searches", searches, "{request}", "Requests that wait for DNS");
    }

    /// <summary>Adds what is known of messages for users who were not there.</summary>
    public void ObserveMessages(MessageCounters counters, Func<int> waiting, Func<long> bytes)
    {
        _meter.CreateObservableGauge("isthmus.messages.waiting", waiting, "{message}", "Messages that wait for users who were not there");
        _meter.CreateObservableGauge("isthmus.messages.waiting.size", bytes, "By", "Octets of the messages that wait");
        _meter.CreateObservableCounter(
            "isthmus.messages",
            () => counters.All.Select(end => new Measurement<long>(end.Count, new KeyValuePair<string, object?>("isthmus.outcome", end.Outcome))),
            "{message}",
            "Messages for users who were not there, by what became of them");
    }

    /// <summary>Adds what is known of subscriptions and publications.</summary>
    public void ObserveEvents(EventServer events)
    {
        _meter.CreateObservableGauge("isthmus.subscriptions", () => events.Notifier.Count, "{subscription}", "Subscriptions that are notified");
        _meter.CreateObservableGauge("isthmus.publications", () => events.Publications.Count, "{publication}", "Publications");
        _meter.CreateObservableCounter("isthmus.notifications", () => events.Notifier.Counters.Notifies, "{request}", "NOTIFY requests that were sent");
        _meter.CreateObservableCounter("isthmus.notifications.unheard", () => events.Notifier.Counters.Unheard, "{request}", "NOTIFY requests that no 2xx came for");
    }

    /// <summary>Whether somebody counts verdicts.</summary>
    public bool CountsVerdicts => _verdicts.Enabled;

    public void Verdict(in VerdictReport report) => _verdicts.Add(
        1,
        new("network.transport", report.Transport.UriToken),
        new("network.type", NetworkType(report.Arrival)),
        new("isthmus.verdict", report.Verdict),
        new("isthmus.reason", report.Reason));

    public void Registration(SipTransport transport, IpVersion version, int status)
    {
        if (_registrations.Enabled)
        {
            _registrations.Add(1, new("network.transport", transport.UriToken), new("network.type", NetworkType(version)), new("isthmus.status", status));
        }
    }

    public void Dispose() => _meter.Dispose();

    private static string NetworkType(IpVersion version) => version == IpVersion.V4 ? "ipv4" : "ipv6";
}
