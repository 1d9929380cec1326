// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Peers;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Events;

/// <summary>Where the NOTIFYs of a subscription go: to the first of its route set, else to the watcher's Contact (RFC 3261 §12.2.1.1).</summary>
internal sealed class WatcherWay(SipStack stack, Domains domains, ILocationService location, ServerDirectory directory, ProxyTargets targets, WaitingRequests waiting, bool believesEverybody)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>Finds it, at once or when DNS has answered, and lets the step go on with it; or answers why there is none.</summary>
    public StepResult Find(RequestContext context, Func<RequestContext, WatcherPlace, StepResult> then)
    {
        if (!TryGetNext(context.Request, out SipUriView next, out bool isContact))
        {
            return context.Answer(400, "Bad Contact Or Record-Route");
        }

        if (isContact && ByConnection(context.Flow, next) is { } connection)
        {
            return then(context, new(connection));
        }

        if (isContact && domains.IsOurs(next))
        {
            return TryLocate(context, out WatcherPlace place) ? then(context, place) : context.Answer(480, "No Way To The Watcher");
        }

        if (NextHop.Of(stack, next) is { } hop)
        {
            return Go(context, InZoneOf(context.Flow, BackAlong(context, hop)), then);
        }

        if (!SipUri.TryParse(Encoding.UTF8.GetString(next.Text), out SipUri? uri))
        {
            return context.Answer(400, "Bad Contact Or Record-Route");
        }

        return waiting.Await(
            context,
            uri.Host.ToString(),
            cancellation => directory.FindAsync(uri, isSecure: false, null, cancellation),
            (context, finding) => finding.Servers is not { } servers ? AnswerNotFound(context, finding.Failure!.Value)
                : targets.TryServers(servers, out ProxyTarget target) ? then(context, new(target.NextHop))
                : context.Answer(480, "No Way To The Watcher"));
    }

    /// <summary>
    /// Whether the watcher is surely there: the SUBSCRIBE came from that address, or one of his devices is registered from it. Else the place might be anybody's, who
    /// has not asked for anything, and whom a small request would have flooded with large ones.
    /// </summary>
    /// <param name="context">The SUBSCRIBE.</param>
    /// <param name="hop">Where the NOTIFYs are to go.</param>
    /// <param name="watcher">The canonical address-of-record of the watcher; null: of no matter.</param>
    public bool IsAtHome(RequestContext context, Target hop, string? watcher)
    {
        IPAddress address = hop.EndPoint.Address.Unmapped;
        return believesEverybody || ReferenceEquals(hop.Flow, context.Flow) || address.Equals(context.Flow.Remote.Address.Unmapped)
            || (watcher is not null && location.BindingsOf(watcher).Any(binding => binding.IsFrom(address)));
    }

    private StepResult Go(RequestContext context, Target hop, Func<RequestContext, WatcherPlace, StepResult> then) =>
        stack.FlowTowards(hop) is null ? context.Answer(480, "No Way To The Watcher") : then(context, new(hop));

    // The Contact is an address of ours, as a GRUU is (RFC 5627 §5.2; linphone): the device that it names is where it is registered.
    private bool TryLocate(RequestContext context, out WatcherPlace place)
    {
        place = default;
        if (context.Request.Contacts is not [{ SipUri: { } contact }, ..] || domains.AorOf(contact) is not { } aor)
        {
            return false;
        }

        Device? device = contact.Gr is { Length: > 0 } ? location.Find(contact).FirstOrDefault() : location.DeviceOfCaller(aor, null, context.Flow) ?? location.Find(aor).FirstOrDefault();
        if (device is null || device.IsAway || !targets.TryFirst(device, context.Flow.Version, out ProxyTarget target))
        {
            return false;
        }

        place = new(target.NextHop, target.Binding!.RequestUri);
        return true;
    }

    private static StepResult AnswerNotFound(RequestContext context, LocateFailure failure) =>
        failure.IsTemporary ? context.AnswerLater(failure.StatusCode, failure.Reason, RetryAfter) : context.Answer(failure.StatusCode, failure.Reason);

    private static bool TryGetNext(SipRequest subscribe, out SipUriView next, out bool isContact)
    {
        isContact = false;
        foreach (ReadOnlySpan<byte> value in subscribe.ValuesOf(HeaderName.RecordRoute))
        {
            next = default;
            return AddressView.TryRead(value, out AddressView route) && route.TryGetSipUri(out next);
        }

        isContact = true;
        next = default;
        return subscribe.TryGetContactView(out AddressView contact) && contact.TryGetSipUri(out next);
    }

    // A watcher behind a connection is reached by it (RFC 5626 §5.3); when that is gone, by a new one to its Contact.
    private static Target? ByConnection(Flow flow, in SipUriView contact)
    {
        if (!flow.Transport.IsReliable || (contact.Transport is { } named && named != flow.Transport))
        {
            return null;
        }

        IPAddress? address = Host.TryParse(contact.Host, out Host host) ? host.Address : null;
        return address is not null && address.Version == flow.Version ? new Target(flow.Transport, new IPEndPoint(address, contact.Port ?? flow.Transport.DefaultPort), flow)
            : address is null ? Target.Of(flow)
            : null;
    }

    // The connection by which the SUBSCRIBE came from that very place, or its socket where another one would be taken else, or where nothing but that path passes
    // a translator: a path that is given is not left for a stream when a NOTIFY is long (RFC 3261 §18.1.1).
    private Target BackAlong(RequestContext context, Target hop)
    {
        Flow flow = context.Flow;
        return flow.Transport != hop.Transport || !flow.Remote.Address.Equals(hop.EndPoint.Address) ? hop
            : flow.Transport.IsReliable || (flow.Remote.Port == hop.EndPoint.Port && (!IsUsual(flow, hop) || IsTranslated(context))) ? hop with { Flow = flow }
            : hop;
    }

    // The stack has noted in the top Via where the SUBSCRIBE came from (RFC 3581 §4); its sender wrote where it believes to be. A name may be anything.
    private static bool IsTranslated(RequestContext context)
    {
        Via via = context.Request.TopVia;
        IPEndPoint source = context.Flow.Remote;
        return (via.SentBy.Port ?? context.Flow.Transport.DefaultPort) != source.Port || (via.SentBy.Host.Address is { } address && !address.IsIPv6LinkLocal && !address.Equals(source.Address.Unmapped));
    }

    private bool IsUsual(Flow flow, Target hop) => stack.FlowTowards(hop) is { } usual && usual.Listener == flow.Listener && usual.Local.Equals(flow.Local);

    // A link-local address means nothing without its link (RFC 4007 §11): it is the one that the SUBSCRIBE came by.
    private static Target InZoneOf(Flow flow, Target hop) =>
        hop.EndPoint.Address is { IsIPv6LinkLocal: true, ScopeId: 0 } address && flow.Remote.Address.IsIPv6LinkLocal
            ? hop with { EndPoint = new IPEndPoint(new IPAddress(address.GetAddressBytes(), flow.Remote.Address.ScopeId), hop.EndPoint.Port) }
            : hop;
}
