// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>A subscription of the lab's own agent (RFC 6665): begun, refreshed and ended in its dialog, by the route set that the first answer gave (RFC 3261 §12.2).</summary>
internal sealed class AgentWatch(CallingAgent agent, AgentAnswers answers, string uri, bool isList, TimeSpan patience)
{
    private const int Seconds = 600;

    private readonly string _callId = Guid.NewGuid().ToString("N");
    private SipResponse? _first;

    /// <summary>Subscribes, and refreshes that; what went wrong, or null. Each time it waits for the NOTIFY.</summary>
    public async Task<string?> StartAsync(CancellationToken cancellation) => await AskAsync(Seconds, "active", cancellation) ?? await AskAsync(Seconds, "active", cancellation);

    /// <summary>Ends it, and waits for the last NOTIFY; what went wrong, or null.</summary>
    public Task<string?> EndAsync(CancellationToken cancellation) => AskAsync(0, "terminated", cancellation);

    private async Task<string?> AskAsync(int seconds, string state, CancellationToken cancellation)
    {
        RequestBuilder request = _first is null
            ? agent.Begin(SipMethod.Subscribe, uri, $"<{uri}>", _callId)
            : agent.Begin(SipMethod.Subscribe, _first.Contacts[0].Uri.ToString(), _first.To.ToString(), _callId);
        foreach (NameAddr route in _first?.RecordRoutes.Reverse() ?? [])
        {
            request.Route(route);
        }

        request.Header(HeaderName.Expires, seconds.ToString(CultureInfo.InvariantCulture)).Header(HeaderName.Accept, isList ? $"{PresenceContent.Type}, application/rlmi+xml, multipart/related" : PresenceContent.Type);
        if (isList)
        {
            request.Header(HeaderName.Supported, "eventlist");
        }

        string what = $"SUBSCRIBE {uri} for {seconds} s";
        SipResponse? answer = await agent.AskAsync(request.Build(), patience, cancellation);
        if (answer is not { IsSuccess: true })
        {
            return $"{what} got {answer?.StatusCode.ToString(CultureInfo.InvariantCulture) ?? "no answer"}";
        }

        _first ??= answer;
        if (_first.Contacts.Count == 0)
        {
            return $"{what} got an answer without a Contact";
        }

        return await NotifiedAsync(state, cancellation) ? null : $"{what} was followed by no NOTIFY that says '{state}'";
    }

    private async Task<bool> NotifiedAsync(string state, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            while (true)
            {
                SipRequest notify = await answers.Notified.ReadAsync(limit.Token);
                if (notify.CallId == _callId && notify.Text(HeaderName.SubscriptionState)?.StartsWith(state, StringComparison.OrdinalIgnoreCase) == true)
                {
                    return true;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
