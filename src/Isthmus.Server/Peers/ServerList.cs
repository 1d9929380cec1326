// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Peers;

/// <summary>The servers of another domain in the order in which they are tried (RFC 3263 §4.3), and what is agreed with its owner. It does not change.</summary>
internal sealed record ServerList
{
    /// <summary>The domain that was looked for: the host of the Route or Request-URI.</summary>
    public required string Domain { get; init; }

    /// <summary>The servers; at least one.</summary>
    public required IReadOnlyList<LocatedTarget> Targets { get; init; }

    /// <summary>The IP versions of which there are servers at all, also where nothing here can send on them.</summary>
    public required IpVersions Versions { get; init; }

    /// <summary>The entry of the peer table, as it is written (<c>*.example.com</c>); null when nothing but DNS speaks of the domain.</summary>
    public string? Peer { get; init; }

    /// <summary>How calls to the domain are judged.</summary>
    public JudgeMethod Judge { get; init; }

    /// <summary>These, in another order, or fewer of them.</summary>
    public ServerList With(IEnumerable<LocatedTarget> targets) => this with { Targets = [.. targets] };

    /// <summary>The list for a call that is to go by a version: only servers of that version where the method compares it; as they are where it never judges; else those first among equals.</summary>
    public ServerList Chosen(JudgeMethod method, IpVersion version) =>
        method.KeepsVersion ? With(Targets.Where(target => target.Version == version))
        : method == JudgeMethod.Carry ? this
        : Preferring(version);

    /// <summary>Of equal ones (of one SRV priority) those of one version first.</summary>
    public ServerList Preferring(IpVersion version) => With(Targets.OrderBy(target => target.Group).ThenBy(target => target.Version != version));
}
