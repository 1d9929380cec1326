// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sdp;
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>
/// "Call again by the other IP version", as it is written: 380 or 488 with <c>Warning: 301</c> and a body that shows what would be acceptable
/// (RFC 3261 §20.43, §21.4.26). There is no Contact: phones that know nothing of this would call it with the same offer again, at once and many times.
/// </summary>
public static class Redirection
{
    /// <summary>In Supported: who calls again when redirected, and judges offers when called.</summary>
    public const string OptionTag = "ip-redirect";

    /// <summary>380 Alternative Service: call again.</summary>
    public const int RedirectStatus = 380;

    /// <summary>488 Not Acceptable Here: there is nothing to call again by.</summary>
    public const int RefuseStatus = 488;

    private const int IncompatibleAddressFormat = 301;

    /// <summary>The text of the Warning: <c>Incompatible network address formats: use IP4</c>.</summary>
    public static string WarningText(IpVersion wanted) => $"Incompatible network address formats: use {wanted.AddressType}";

    /// <summary>The value of the Warning header.</summary>
    /// <param name="wanted">The version to call again by.</param>
    /// <param name="agent">Who warns: a host, a host and port, or a token.</param>
    public static string WarningValue(IpVersion wanted, string agent) => $"{IncompatibleAddressFormat} {agent} \"{WarningText(wanted)}\"";

    /// <summary>The body: a session that would be acceptable, of one version throughout.</summary>
    public static SessionDescription Acceptable(IpVersion wanted)
    {
        var nowhere = wanted == IpVersion.V4 ? System.Net.IPAddress.Any : System.Net.IPAddress.IPv6Any;
        const int DiscardPort = 9;
        return SessionDescription.Create(
            Origin.Create(nowhere, 0, 0), ConnectionData.Create(nowhere), [MediaDescription.Create("audio", DiscardPort, "RTP/AVP", ["0"])]);
    }

    /// <summary>Puts Warning and body into an answer, whatever its status.</summary>
    public static ResponseBuilder Describe(ResponseBuilder response, IpVersion wanted, string agent) =>
        response.Header(HeaderName.Warning, WarningValue(wanted, agent)).Body(SessionDescription.ContentType, Acceptable(wanted).ToBytes());

    /// <summary>The answer that a verdict asks for.</summary>
    /// <param name="request">The INVITE.</param>
    /// <param name="verdict"><see cref="VerdictKind.Redirect"/> gives 380, <see cref="VerdictKind.Refuse"/> 488.</param>
    /// <param name="agent">Who warns: a host, a host and port, or a token.</param>
    /// <param name="toTag">The tag to put in To.</param>
    /// <exception cref="ArgumentException">The verdict is to forward.</exception>
    public static SipResponse Answer(SipRequest request, in Verdict verdict, string agent, string toTag) => verdict.Kind == VerdictKind.Forward
        ? throw new ArgumentException("A request that is forwarded is not answered.", nameof(verdict))
        : Describe(request.Answer(verdict.Kind == VerdictKind.Redirect ? RedirectStatus : RefuseStatus, null, toTag), verdict.Version!.Value, agent).Build();

    /// <summary>What an answer says about versions: ours, and as far as can be told, that of others.</summary>
    public static VersionHint Read(SipResponse response) => VersionHint.Read(response.Values(HeaderName.Warning), Offer.From(response));

    /// <summary>The version that an answer asks for; null when it names none.</summary>
    public static IpVersion? WantedVersion(SipResponse response) => Read(response).Wanted;
}
