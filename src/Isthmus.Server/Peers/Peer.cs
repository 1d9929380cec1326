// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Server.Configuration;
using Isthmus.Sip;

namespace Isthmus.Server.Peers;

/// <summary>One entry of the peer table.</summary>
internal sealed class Peer
{
    public Peer(PeerOptions options, JudgeMethod judge)
    {
        (Options, Judge) = (options, options.Judge ?? judge);
        Targets = [.. options.Targets.Select(Followed)];
    }

    /// <summary>What is configured.</summary>
    public PeerOptions Options { get; }

    /// <summary>The domain or pattern, as it is shown.</summary>
    public string Name => Options.Domain;

    /// <summary>How calls to it are judged.</summary>
    public JudgeMethod Judge { get; }

    /// <summary>Its targets, each as the URI that is followed to it; empty: DNS knows them.</summary>
    public IReadOnlyList<PeerUri> Targets { get; }

    /// <summary>Where its servers are found that are not configured: by its domain, unless it stands for several.</summary>
    public SipUri? Located => Targets.Count > 0 || DomainPattern.IsWide(Name) || !Host.TryParse(Name, out Host host) ? null
        : SipUri.Create(null, new HostPort(host, null), Options.Transport);

    // Without a priority of its own a target comes after those before it.
    private PeerUri Followed(PeerTarget target, int place) =>
        new(SipUri.Create(null, new HostPort(target.Host, target.Port), target.Transport ?? Options.Transport), target.Priority ?? place, target.Weight);
}

/// <summary>A target of a peer.</summary>
/// <param name="Uri">What is followed to it.</param>
/// <param name="Priority">The lowest is tried first.</param>
/// <param name="Weight">The share among those of one priority.</param>
internal sealed record PeerUri(SipUri Uri, int Priority, int Weight);
