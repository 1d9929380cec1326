// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>The calls that the server knows of, for <c>isthmus show calls</c>.</summary>
internal interface ICallView
{
    /// <summary>A snapshot.</summary>
    IEnumerable<CallSummary> Calls { get; }
}

/// <summary>One call.</summary>
internal readonly record struct CallSummary(
    string CallId, string Caller, string Callee, string State, IpVersion CallerVersion, IpVersion? CalleeVersion, DateTimeOffset Since, string? Verdict = null);
