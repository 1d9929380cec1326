// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;
using Isthmus.Server.Peers;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Diagnostics;

/// <summary>What the control socket can be asked. A new question is one line here.</summary>
internal sealed class ControlRequests
{
    private readonly Dictionary<string, Func<CancellationToken, ValueTask<ControlAnswer>>> _questions;
    private readonly TimeProvider _time;

    public ControlRequests(ILocationService location, ICallView calls, Func<IReadOnlyList<Listener>> listeners, PeerReport peers, TimeProvider time)
    {
        _time = time;
        _questions = new(StringComparer.Ordinal)
        {
            ["show bindings"] = _ => new(new ControlAnswer { Bindings = [.. location.All().Select(Show).OrderBy(view => view.Aor, StringComparer.Ordinal)] }),
            ["show calls"] = _ => new(new ControlAnswer { Calls = [.. calls.Calls.Select(Show)] }),
            ["show listeners"] = _ => new(new ControlAnswer { Listeners = [.. listeners().Select(Show)] }),
            ["show peers"] = async cancellation => new() { Peers = await peers.MakeAsync(cancellation).ConfigureAwait(false) },
        };
    }

    public ValueTask<ControlAnswer> AnswerAsync(string request, CancellationToken cancellation) =>
        _questions.TryGetValue(request, out Func<CancellationToken, ValueTask<ControlAnswer>>? answer)
            ? answer(cancellation)
            : new(new ControlAnswer { Error = $"unknown request; known are {string.Join(", ", _questions.Keys)}" });

    private static ListenerView Show(Listener listener) => new(listener.Transport.UriToken, listener.Version.DisplayName, listener.LocalEndPoint.ToString());

    private BindingView Show(Binding binding) => new(
        binding.Aor, binding.Uri.ToString(), binding.Version.DisplayName, binding.Transport.UriToken, binding.Source.ToString(), binding.Q,
        (int)(binding.Expires - _time.GetUtcNow()).TotalSeconds, binding.DeviceId, binding.AnnouncesRedirect, binding.UserAgent);

    private CallView Show(CallSummary call) => new(
        call.CallId, call.Caller, call.Callee, call.State, call.CallerVersion.DisplayName, call.CalleeVersion?.DisplayName,
        (int)(_time.GetUtcNow() - call.Since).TotalSeconds, call.Verdict);
}
