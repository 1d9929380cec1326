// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Server.Location;
using Isthmus.Server.Proxy;
using Isthmus.Sip;

namespace Isthmus.Server.Judging;

/// <summary>
/// Learns from the answers of devices what they can use beyond what they registered: an answer in a version is proof of it; an answer
/// that passes by the offered version, or a refusal that names another one, shows that the offered one has no sound there. What is learned
/// is forgotten after a while (<see cref="Learned.Keep"/>): devices are set up anew.
/// </summary>
internal sealed class DeviceLearning(ILocationService location, TimeProvider time) : IForwardingObserver
{
    private readonly BoundedMemory<(string Aor, string Device), bool> _ice = new(time, TimeSpan.FromHours(24), 100_000);

    /// <summary>Whether the device has answered an offer with ICE by ICE (RFC 8445).</summary>
    public bool DoesIce(string aor, string device) => _ice.Of((aor, device));

    void IForwardingObserver.Responded(RequestContext context, in ProxyTarget target, SipResponse response)
    {
        if (context.Offer is not { Versions: { } offered } offer || target.Device is not { } device)
        {
            return;
        }

        if (response.IsSuccess)
        {
            LearnFromAnswer(device, offer, offered, context.AnswerIn(response));
        }
        else if (response.StatusCode is 380 or 488 or 606 && !offered.Shares(device.Versions) && RefusesTheVersion(response, offered))
        {
            location.Learn(device.Aor, device.Id, IpVersions.None, offered);
        }
    }

    private void LearnFromAnswer(Device device, Offer offer, IpVersions offered, Offer answer)
    {
        if (offer.HasIce && answer.Versions is not null)
        {
            _ice.Set((device.Aor, device.Id), answer.HasIce);
        }

        // With ICE at both ends, c= says nothing about what will be used; nor does an answer that rejects every line, or has lines of both versions.
        if (answer.Versions is not { Single: { } version } answered || (offer.HasIce && answer.HasIce))
        {
            return;
        }

        IpVersions cannot = answered.Shares(offered) ? IpVersions.None : offered;
        if (cannot != IpVersions.None || !device.Versions.Has(version) || device.Cannot.Shares(answered))
        {
            location.Learn(device.Aor, device.Id, answered, cannot);
        }
    }

    // A bare 488 proves nothing: it may as well be about codecs. Only one that says that it is about versions does.
    private static bool RefusesTheVersion(SipResponse response, IpVersions offered)
    {
        VersionHint hint = Redirection.Read(response);
        return hint.IsAboutVersions && !(hint.Wanted is { } wanted && offered.Has(wanted));
    }
}
