// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>What is remembered of one target at this moment.</summary>
/// <param name="Transport">Its transport.</param>
/// <param name="EndPoint">Its address and port.</param>
/// <param name="State">How it is.</param>
/// <param name="Failures">How often in a row it has failed.</param>
/// <param name="BadFor">How long it is bad yet; zero where it is not.</param>
/// <param name="RoundTrip">How long its last answer took; null where that is not known.</param>
/// <param name="SinceFailure">How long ago it failed last; null where it never did.</param>
/// <param name="Fault">In which way it failed last; null where it never did.</param>
/// <param name="RetryAfter">How long it asked then to be spared; null where it did not.</param>
public sealed record TargetReport(
    SipTransport Transport,
    IPEndPoint EndPoint,
    TargetState State,
    int Failures,
    TimeSpan BadFor,
    TimeSpan? RoundTrip,
    TimeSpan? SinceFailure = null,
    TargetFault? Fault = null,
    TimeSpan? RetryAfter = null);
