// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Peers;
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>
/// Who may send to others through this server: requests that follow a route set of ours, those of our own registered users, and those that
/// come from a trusted peer. Nobody else is relayed, whatever Routes, maddr or From he writes.
/// </summary>
internal sealed class RelayStep(Domains domains, ILocationService location, TrustedPeers trusted, WaitingRequests waiting) : IRequestStep
{
    public string Name => "relay";

    public StepResult Handle(RequestContext context) =>
        !context.Devices.IsEmpty || IsEntitled(context) ? StepResult.Continue : AskForTrust(context);

    private StepResult AskForTrust(RequestContext context) => waiting.Await(
        context,
        cancellation => trusted.HaveAsync(context.Flow.Remote.Address.Unmapped, cancellation),
        static (context, isTrusted) => isTrusted ? StepResult.Continue : Refuse(context));

    private static StepResult Refuse(RequestContext context)
    {
        string host = context.TryGetNextRoute(out SipUriView next) || context.TryGetUri(out next) ? Encoding.UTF8.GetString(next.Host) : "other domains";
        var warning = new Warning(399, context.Flow.SentBy.ToString(), $"Only registered users and trusted peers may send to {host}");
        return context.Answer(context.Respond(403, "Relaying Denied").Header(HeaderName.Warning, warning.ToString()));
    }

    private bool IsEntitled(RequestContext context)
    {
        if (context.HasRouteToken && context.IsInDialog)
        {
            return true;
        }

        // From is only a claim: the device must also stand where it registered from.
        Span<byte> aor = stackalloc byte[Domains.LongestAor];
        if (!context.Request.FromView.TryGetSipUri(out SipUriView from) || !domains.TryWriteAor(from, aor, out int length)
            || location.DeviceOfCaller(aor[..length], context.Request, context.Flow) is not { } device)
        {
            return false;
        }

        foreach (Binding binding in device.Bindings)
        {
            if (binding.IsFrom(context.Flow.Remote.Address))
            {
                return true;
            }
        }

        return false;
    }
}
