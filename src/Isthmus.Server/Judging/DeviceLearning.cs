// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Server.Location;
using Isthmus.Server.Proxy;
using Isthmus.Sip;

namespace Isthmus.Server.Judging;

/// <summary>
/// Learns from the answers of devices what they can use beyond what they registered: an answer in a version is proof of it; an answer
/// or a refusal that passes by the offered version is proof that it cannot be used there.
/// </summary>
internal sealed class DeviceLearning(ILocationService location, TimeProvider time) : IForwardingObserver
{
    private readonly BoundedMemory<(string Aor, string Device), bool> _ice = new(time, TimeSpan.FromHours(24), 100_000);

    /// <summary>Whether the device has answered an offer with ICE by ICE (RFC 8445).</summary>
    public bool DoesIce(string aor, string device) => _ice.Of((aor, device));

    void IForwardingObserver.Responded(RequestContext context, ProxyTarget target, SipResponse response)
    {
        if (context.Offer is not { Versions: { } offered } offer || target is not { Aor: { } aor, Device: { } device })
        {
            return;
        }

        if (response.IsSuccess)
        {
            LearnFromAnswer(aor, device, offer, offered, Offer.From(response));
        }
        else if (response.StatusCode is 380 or 488 or 606 && !offered.Shares(device.Versions) && RefusesTheVersion(response))
        {
            location.Learn(aor, device.Id, IpVersions.None, offered);
        }
    }

    private void LearnFromAnswer(string aor, Device device, Offer offer, IpVersions offered, Offer answer)
    {
        if (answer.Versions is not { } answered)
        {
            return;
        }

        if (offer.HasIce && answer.HasIce)
        {
            _ice.Set((aor, device.Id), true); // what stands in c= then says nothing about what will be used
            return;
        }

        location.Learn(aor, device.Id, answered, answered.Shares(offered) ? IpVersions.None : offered);
    }

    // A bare 488 counts too: that is how phones of today refuse a version. One that gives another reason does not.
    private static bool RefusesTheVersion(SipResponse response)
    {
        VersionHint hint = Redirection.Read(response);
        return hint.IsAboutVersions || !hint.HasOtherReason;
    }
}
