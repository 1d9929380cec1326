// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Proxy;
using Isthmus.Sip;

namespace Isthmus.Server.Judging;

/// <summary>What is known about the device that sends an INVITE: by its own bindings if it registered here, else by what the INVITE shows.</summary>
internal sealed class CallerIdentity(Domains domains, ILocationService location, RedirectMemory redirects)
{
    /// <summary>The facts for the judge.</summary>
    public CallerFacts Of(RequestContext context, Offer offer)
    {
        SipRequest request = context.Request;
        Span<byte> aor = stackalloc byte[Domains.LongestAor];
        bool hasFrom = request.FromView.TryGetSipUri(out SipUriView from);
        int length = 0;
        bool isUser = hasFrom && domains.TryWriteAor(from, aor, out length);
        Device? device = isUser ? location.DeviceOfCaller(aor[..length], request, context.Flow) : null;
        bool isForeign = !isUser && !(hasFrom && domains.IsOurs(from));
        bool follows = request.Lists(HeaderName.Supported, Redirection.OptionTag) || device is { Judges: true };
        IpVersions bindings = device is null ? IpVersions.None : device.Versions | device.Can;
        return CallerFacts.Of(bindings, context.Arrival, offer, follows, redirects.IsEmpty ? IpVersions.None : redirects.Of(request.CallId), isForeign: isForeign);
    }
}
