// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Isthmus.Server.Events;
using Isthmus.Server.Location;
using Isthmus.Server.Messaging;
using Isthmus.Server.Peers;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Diagnostics;

/// <summary>What the control socket can be asked. A new question is one line here.</summary>
internal sealed class ControlRequests
{
    /// <summary>What begins the question for an explanation; an <see cref="ExplainQuestion"/> as JSON follows.</summary>
    public const string Explain = "explain ";

    private readonly Func<ExplainQuestion, CancellationToken, ValueTask<Explanation>> _explain;
    private readonly Dictionary<string, Func<CancellationToken, ValueTask<ControlAnswer>>> _questions;
    private readonly TimeProvider _time;

    public ControlRequests(
        ILocationService location,
        ICallView calls,
        Func<IReadOnlyList<Listener>> listeners,
        PeerReport peers,
        Func<ExplainQuestion, CancellationToken, ValueTask<Explanation>> explain,
        GarbagePauses pauses,
        TimeProvider time,
        Mailroom? messages = null,
        EventServer? events = null)
    {
        (_time, _explain) = (time, explain);
        _questions = new(StringComparer.Ordinal)
        {
            ["show bindings"] = _ => new(new ControlAnswer { Bindings = [.. location.All().Select(binding => BindingShow.Of(binding, time)).OrderBy(view => view.Aor, StringComparer.Ordinal)] }),
            ["show calls"] = _ => new(new ControlAnswer { Calls = [.. calls.Calls.Select(Show)] }),
            ["show listeners"] = _ => new(new ControlAnswer { Listeners = [.. listeners().Select(Show)] }),
            ["show messages"] = _ => new(new ControlAnswer { Messages = MessageShow.All(messages) }),
            ["show peers"] = async cancellation => new() { Peers = await peers.MakeAsync(cancellation).ConfigureAwait(false) },
            ["show presence"] = _ => new(new ControlAnswer { Presence = EventShow.Presence(events) }),
            ["show runtime"] = _ => new(new ControlAnswer { Runtime = pauses.Show() }),
            ["show subscriptions"] = _ => new(new ControlAnswer { Subscriptions = EventShow.Subscriptions(events) }),
        };
    }

    public ValueTask<ControlAnswer> AnswerAsync(string request, CancellationToken cancellation) =>
        request.StartsWith(Explain, StringComparison.Ordinal) ? ExplainAsync(request[Explain.Length..], cancellation)
        : _questions.TryGetValue(request, out Func<CancellationToken, ValueTask<ControlAnswer>>? answer)
        ? answer(cancellation)
        : new(new ControlAnswer { Error = $"unknown request; known are {string.Join(", ", _questions.Keys)}, {Explain}{{…}}" });

    private async ValueTask<ControlAnswer> ExplainAsync(string question, CancellationToken cancellation)
    {
        ExplainQuestion? asked;
        try
        {
            asked = JsonSerializer.Deserialize(question, ControlJson.Default.ExplainQuestion);
        }
        catch (JsonException)
        {
            asked = null;
        }

        return asked is { Uri: not null }
            ? new() { Explanation = await _explain(asked, cancellation).ConfigureAwait(false) }
            : new() { Error = "what is to be explained is no question: {\"uri\":\"sip:…\",\"from\":\"sip:…\",\"offer\":1}" };
    }

    private static ListenerView Show(Listener listener) => new(listener.Transport.UriToken, listener.Version.DisplayName, listener.LocalEndPoint.ToString());

    private CallView Show(CallSummary call) => new(
        call.CallId, call.Caller, call.Callee, call.State, call.CallerVersion.DisplayName, call.CalleeVersion?.DisplayName,
        (int)(_time.GetUtcNow() - call.Since).TotalSeconds, call.Verdict);
}
