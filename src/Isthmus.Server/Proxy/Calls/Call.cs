// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>A call that goes through the server, as far as the proxy sees it.</summary>
internal sealed record Call
{
    /// <summary>Its Call-ID.</summary>
    public required string CallId { get; init; }

    /// <summary>The tag of the caller's From: with the Call-ID, what tells calls apart.</summary>
    public required string CallerTag { get; init; }

    /// <summary>The caller's From URI.</summary>
    public required string Caller { get; init; }

    /// <summary>The callee's To URI.</summary>
    public required string Callee { get; init; }

    /// <summary>The flow to the caller.</summary>
    public required Flow CallerFlow { get; init; }

    /// <summary>The version of the target that was sent to first, and of the one that answered once there is one.</summary>
    public IpVersion? CalleeVersion { get; init; }

    /// <summary>The transport of that target.</summary>
    public SipTransport? CalleeTransport { get; init; }

    /// <summary>How far it is.</summary>
    public CallState State { get; init; }

    /// <summary>When its INVITE came.</summary>
    public required DateTimeOffset Since { get; init; }
}
