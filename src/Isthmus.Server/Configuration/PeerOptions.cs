// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;

namespace Isthmus.Server;

/// <summary>What is agreed with the owner of another domain: where its servers are, and how calls to it are judged. Asked before DNS.</summary>
public sealed record PeerOptions
{
    /// <summary>The domain: a host name, <c>*.example.com</c> for all below one, or <c>*</c> for every other domain. The longest that fits holds.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Its servers. Empty: DNS knows them.</summary>
    public IReadOnlyList<PeerTarget> Targets { get; init; } = [];

    /// <summary>The transport for targets that name none; null: what DNS says, else UDP.</summary>
    public SipTransport? Transport { get; init; }

    /// <summary>The IP versions that may be used towards it.</summary>
    public IpVersions IpVersions { get; init; } = IpVersions.Both;

    /// <summary>The judge method for calls to it; null: the server's.</summary>
    public JudgeMethod? Judge { get; init; }

    /// <summary>Whether requests that come from the addresses of its servers may go on to other domains.</summary>
    public bool IsTrusted { get; init; }
}
