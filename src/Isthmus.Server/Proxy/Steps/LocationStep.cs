// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>
/// Looks up the devices of one of our users, or the one device that a GRUU names, also for a request in a dialog (linphone's Contact is
/// a GRUU). 404 for a user that we do not know, 480 for one that is not there (RFC 3261 §16.5), unless the request can be kept for him.
/// </summary>
internal sealed class LocationStep(Domains domains, ILocationService location, IRequestKeeper? keeper = null) : IRequestStep
{
    public string Name => "location";

    public StepResult Handle(RequestContext context)
    {
        // A maddr or a Route of someone else decides where the request goes, whoever the Request-URI names.
        if (context.HasRoutesLeft || !context.TryGetUri(out SipUriView uri) || uri.Has("maddr"u8) || !IsOurs(context, uri))
        {
            return StepResult.Continue;
        }

        Span<byte> buffer = stackalloc byte[Domains.LongestAor];
        if (!domains.TryWriteAor(uri, buffer, out int length))
        {
            return context.Answer(404, "No User In Request-URI");
        }

        ReadOnlySpan<byte> aor = buffer[..length];
        context.IsForOneDevice = uri.Has("gr"u8);
        context.Devices = context.IsForOneDevice ? location.Find(context.Request.RequestSipUri!) : location.Find(aor);
        return !context.Devices.IsEmpty ? StepResult.Continue
            : keeper is not null && keeper.TryTake(context, aor) ? StepResult.Taken
            : location.Knows(aor) ? context.Answer(480)
            : context.Answer(404);
    }

    // In a dialog the Request-URI is what the other side wrote into its Contact: a phone on this host that writes no port means the default one.
    private bool IsOurs(RequestContext context, in SipUriView uri) => context.IsInDialog && !uri.Has("gr"u8) ? domains.IsOwnHop(uri) : domains.IsOurs(uri);
}
