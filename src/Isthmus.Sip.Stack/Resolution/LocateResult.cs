// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Where the servers of a URI are, or why none was found. It does not change.</summary>
public sealed record LocateResult
{
    /// <summary>What was looked for: the host of the URI, or its maddr. For TLS the name that the certificate has to carry (RFC 3263 §4.1).</summary>
    public required string Domain { get; init; }

    /// <summary>The targets in the order in which they are tried; empty after a failure.</summary>
    public IReadOnlyList<LocatedTarget> Targets { get; init; } = [];

    /// <summary>Why there are none; null where there are some.</summary>
    public LocateFailure? Failure { get; init; }

    /// <summary>The IP versions of which the servers have addresses, also where nothing here can send on them.</summary>
    public IpVersions Versions { get; init; }

    /// <summary>Whether DNS was still to answer about some server or version when the others had been found.</summary>
    public bool IsPartial { get; init; }
}
