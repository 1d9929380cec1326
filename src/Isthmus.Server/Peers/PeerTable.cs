// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Collections.Immutable;
using Isthmus.Server.Configuration;

namespace Isthmus.Server.Peers;

/// <summary>The SIP server table of the method: what is agreed with the owners of other domains, asked before DNS. It does not change.</summary>
internal sealed class PeerTable
{
    private readonly FrozenDictionary<string, Peer> _byName;
    private readonly ImmutableArray<(string End, Peer Peer)> _byEnd;

    public PeerTable(ServerOptions options)
    {
        All = [.. options.Peers.Select(peer => new Peer(peer, options.Judge))];
        _byName = All.Where(peer => !DomainPattern.IsWide(peer.Name)).DistinctBy(peer => peer.Name).ToFrozenDictionary(peer => peer.Name);
        _byEnd =
        [
            .. from peer in All
               let end = DomainPattern.EndOf(peer.Name)
               where end is not null
               orderby end.Length descending
               select (end, peer),
        ];
    }

    /// <summary>All, as they are configured.</summary>
    public IReadOnlyList<Peer> All { get; }

    /// <summary>The entry for a domain: its own, else that of the longest pattern that fits; null when there is none.</summary>
    public Peer? Find(string domain)
    {
        if (All.Count == 0)
        {
            return null;
        }

        string name = DomainPattern.Plain(domain);
        return _byName.TryGetValue(name, out Peer? peer) ? peer
            : _byEnd.FirstOrDefault(pattern => name.EndsWith(pattern.End, StringComparison.Ordinal)).Peer;
    }
}
