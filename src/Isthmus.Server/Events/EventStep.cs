// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Server.Hosting;
using Isthmus.Server.Proxy;
using Isthmus.Sip;

namespace Isthmus.Server.Events;

/// <summary>
/// Takes SUBSCRIBE and PUBLISH for our users when the package is served here, and SUBSCRIBE in a dialog of ours. What is not served here goes on to the devices,
/// and so does what is for one certain device (GRUU).
/// </summary>
internal sealed class EventStep(Domains domains, EventHub hub, Notifier notifier, SubscribeHandler subscribe, PublishHandler publish) : IRequestStep
{
    public string Name => "events";

    public StepResult Handle(RequestContext context)
    {
        SipMethod method = context.Request.Method;
        return method == SipMethod.Subscribe ? Subscribe(context)
            : method == SipMethod.Publish && !context.IsInDialog && IsOurs(context, out string? aor) ? Publish(context, aor)
            : StepResult.Continue;
    }

    private StepResult Subscribe(RequestContext context)
    {
        if (context.IsInDialog && notifier.Find(context.Request) is { } subscription)
        {
            return subscribe.Renew(context, subscription);
        }

        if (!IsOurs(context, out string? aor))
        {
            return StepResult.Continue;
        }

        if (context.IsInDialog)
        {
            return aor is null ? context.Answer(481) : StepResult.Continue; // our Contact has no user; else it is a device's dialog
        }

        return Served(context, aor) is { } package ? subscribe.Begin(context, package, aor!) : Otherwise(context, aor);
    }

    private StepResult Publish(RequestContext context, string? aor) =>
        Served(context, aor) is { } package ? publish.Handle(context, package, aor!) : Otherwise(context, aor);

    private IEventPackage? Served(RequestContext context, string? aor) =>
        aor is not null && EventName.TryRead(context.Request, out EventName name) ? hub.Packages.Find(name.Package) : null;

    // RFC 6665 §4.2.1.1, RFC 3903 §6 step 2: of the server itself nothing else can be had, and without Event nobody could say what.
    private StepResult Otherwise(RequestContext context, string? aor) =>
        hub.Packages.All.Count > 0 && (aor is null || !EventName.TryRead(context.Request, out _))
            ? context.Answer(context.Respond(489).Header(HeaderName.AllowEvents, hub.Packages.AllowEvents))
            : StepResult.Continue;

    // The user that it is for; none: it is for the server itself.
    private bool IsOurs(RequestContext context, out string? aor)
    {
        aor = null;
        if (context.HasRoutesLeft || !context.TryGetUri(out SipUriView uri) || uri.Has("maddr"u8) || uri.Has("gr"u8) || !domains.IsOurs(uri))
        {
            return false;
        }

        Span<byte> buffer = stackalloc byte[Domains.LongestAor];
        aor = domains.TryWriteAor(uri, buffer, out int length) ? Encoding.UTF8.GetString(buffer[..length]) : null;
        return aor is not null || !uri.HasUser;
    }
}
