// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;

namespace Isthmus.Server;

/// <summary>One decision of the judge, as it is logged, counted and drawn.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Arrival">The version that the INVITE arrived on.</param>
/// <param name="Offer">The session versions of its body; null when they are unknown.</param>
/// <param name="Target">The address-of-record or host that it is for.</param>
/// <param name="Verdict"><c>forward</c>, <c>redirect</c> or <c>refuse</c>.</param>
/// <param name="Version">The version forwarded on, redirected to, or missing.</param>
/// <param name="Reason">The name of the reason code.</param>
/// <param name="Transport">The transport that it arrived on.</param>
/// <param name="Method">The judge's method.</param>
public readonly record struct VerdictReport(
    string CallId,
    IpVersion Arrival,
    IpVersions? Offer,
    string Target,
    string Verdict,
    IpVersion? Version,
    string Reason,
    SipTransport Transport,
    JudgeMethod Method);
