// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Peers;
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>
/// Who may send to others through this server: our own registered users, trusted peers, and who follows a route set of ours to the other side of
/// his dialog. Nobody else is relayed, whatever Routes, maddr or From he writes.
/// </summary>
internal sealed class RelayStep(Domains domains, ILocationService location, TrustedPeers trusted, AwayServers away) : IRequestStep
{
    public string Name => "relay";

    public StepResult Handle(RequestContext context) =>
        !context.Devices.IsEmpty || IsEntitled(context) ? StepResult.Continue : AskForTrust(context);

    private StepResult AskForTrust(RequestContext context)
    {
        (IPAddress source, IPAddress? next, List<SipUri> contacts) = (context.Flow.Remote.Address.Unmapped, DialogGoesTo(context), AwayInDialog(context));
        return away.Waiting.Await(
            context,
            null,
            cancellation => contacts.Count == 0 ? trusted.HaveAsync(source, next, cancellation) : IsTrustedAsync(contacts, source, next, cancellation),
            static (context, isTrusted) => isTrusted ? StepResult.Continue : Refuse(context));
    }

    private async ValueTask<bool> IsTrustedAsync(List<SipUri> contacts, IPAddress source, IPAddress? next, CancellationToken cancellation) =>
        await trusted.HaveAsync(source, next, cancellation).ConfigureAwait(false) || await away.HaveAsync(contacts, source, next, cancellation).ConfigureAwait(false);

    // A call that went on to another domain, because a user of ours has an address there, is between two sides that are not ours.
    private List<SipUri> AwayInDialog(RequestContext context)
    {
        var contacts = new List<SipUri>();
        if (context.HasRouteToken && context.IsInDialog)
        {
            AddAway(context.Request.ToView, contacts);
            AddAway(context.Request.FromView, contacts);
        }

        return contacts;
    }

    private void AddAway(in AddressView user, List<SipUri> contacts)
    {
        Span<byte> aor = stackalloc byte[Domains.LongestAor];
        if (user.TryGetSipUri(out SipUriView uri) && domains.TryWriteAor(uri, aor, out int length))
        {
            contacts.AddRange(location.Find(aor[..length]).Where(device => device.IsAway).Select(device => device.Bindings[0].Uri));
        }
    }

    // Within a call of a trusted peer the other side sends to it.
    private static IPAddress? DialogGoesTo(RequestContext context) =>
        context.HasRouteToken && context.IsInDialog && (context.TryGetNextRoute(out SipUriView next) || context.TryGetUri(out next)) && Host.TryParse(next.Host, out Host host) ? host.Address : null;

    private static StepResult Refuse(RequestContext context)
    {
        string host = context.TryGetNextRoute(out SipUriView next) || context.TryGetUri(out next) ? Encoding.UTF8.GetString(next.Host) : "other domains";
        var warning = new Warning(399, context.Flow.SentBy.ToString(), $"Only registered users and trusted peers may send to {host}");
        return context.Answer(context.Respond(403, "Relaying Denied").Header(HeaderName.Warning, warning.ToString()));
    }

    // Who once called one of ours has a mark, and may write any address beside it. What no one takes but the dialog's other side may pass: also after a
    // restart, and when the registration is gone.
    private static bool MeansNothingElsewhere(SipMethod method) =>
        method == SipMethod.Ack || method == SipMethod.Bye || method == SipMethod.Prack || method == SipMethod.Update || method == SipMethod.Info;

    // To a place where a user of the dialog is registered.
    private bool LeadsToOneOfOurs(RequestContext context)
    {
        bool isNumeric = (context.TryGetNextRoute(out SipUriView next) || context.TryGetUri(out next)) && Host.TryParse(next.Host, out Host host) && host.Address is not null;
        return isNumeric
            && ((context.Request.ToView.TryGetSipUri(out SipUriView to) && IsRegisteredAt(to, next)) || (context.Request.FromView.TryGetSipUri(out SipUriView from) && IsRegisteredAt(from, next)));
    }

    private bool IsRegisteredAt(in SipUriView user, in SipUriView place)
    {
        Span<byte> aor = stackalloc byte[Domains.LongestAor];
        if (!domains.TryWriteAor(user, aor, out int length))
        {
            return false;
        }

        foreach (Device device in location.Find(aor[..length]))
        {
            foreach (Binding binding in device.Bindings)
            {
                if (place.HostIs(binding.Uri.Host) || place.HostIs(Host.From(binding.Source.Address)) || (binding.NextHop is { } way && place.HostIs(Host.From(way.EndPoint.Address))))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool IsEntitled(RequestContext context)
    {
        if (context.HasRouteToken && context.IsInDialog && (MeansNothingElsewhere(context.Request.Method) || LeadsToOneOfOurs(context)))
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
