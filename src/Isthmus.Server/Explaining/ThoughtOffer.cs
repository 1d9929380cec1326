// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.DualStack;
using Isthmus.Sip;

namespace Isthmus.Server.Explaining;

/// <summary>The offers that calls are explained with: audio of one version, or with ICE candidates of both.</summary>
internal static class ThoughtOffer
{
    private const string Candidates =
        "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=candidate:1 1 UDP 2130706431 2001:db8::1 4000 typ host\r\na=candidate:2 1 UDP 2130706430 192.0.2.1 4000 typ host\r\n";

    /// <summary>An offer of these versions.</summary>
    /// <param name="versions">One, or both: then with ICE, since one <c>c=</c> can only be of one version.</param>
    /// <param name="arrival">The version of the addresses beside the candidates, when there are both.</param>
    public static Offer Of(IpVersions versions, IpVersion arrival)
    {
        IpVersion version = versions.Single ?? arrival;
        string address = $"IN {version.AddressType} {(version == IpVersion.V4 ? "192.0.2.1" : "2001:db8::1")}";
        string body = $"v=0\r\no=- 1 1 {address}\r\ns=-\r\nc={address}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n{(versions == IpVersions.Both ? Candidates : "")}";
        return Offer.From("application/sdp", null, Encoding.ASCII.GetBytes(body));
    }
}
