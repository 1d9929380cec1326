// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>A call that goes through the server, as far as the proxy sees it.</summary>
internal sealed record Call
{
    /// <summary>Its Call-ID.</summary>
    public required string CallId { get; init; }

    /// <summary>The caller's From URI.</summary>
    public required string Caller { get; init; }

    /// <summary>The callee's To URI.</summary>
    public required string Callee { get; init; }

    /// <summary>The version of the caller's side.</summary>
    public required IpVersion CallerVersion { get; init; }

    /// <summary>The version of the target that was sent to first, and of the one that answered once there is one.</summary>
    public IpVersion? CalleeVersion { get; init; }

    /// <summary>Why the judge forwarded it; null when it was not judged.</summary>
    public string? Verdict { get; init; }

    /// <summary>How far it is.</summary>
    public CallState State { get; init; }

    /// <summary>When its INVITE came.</summary>
    public required DateTimeOffset Since { get; init; }
}
