// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Peers;

/// <summary>Whether a request comes from a trusted peer: from an address of one of its servers, as configured or as DNS says.</summary>
internal sealed class TrustedPeers(ServerDirectory directory, TimeProvider time)
{
    // Asking again is cheap, since DNS answers are kept for their time; but not for every request of a stranger.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly Peer[] _peers = [.. directory.Peers.All.Where(peer => peer.Options.IsTrusted)];
    private Snapshot? _snapshot;
    private int _isLearning;

    /// <summary>Whether a trusted peer has the address, or the other one.</summary>
    public ValueTask<bool> HaveAsync(IPAddress address, IPAddress? other, CancellationToken cancellation)
    {
        if (_peers.Length == 0)
        {
            return new(false);
        }

        return Fresh() is { } known ? new(known.Has(address, other)) : LearnAsync(address, other, cancellation);
    }

    /// <summary>Whether a trusted peer has the address as far as that is known now. What is not known, or was asked for long ago, is asked for meanwhile.</summary>
    public bool HaveNow(IPAddress address)
    {
        if (_peers.Length > 0 && Fresh() is null && Interlocked.Exchange(ref _isLearning, 1) == 0)
        {
            _ = LearnMeanwhileAsync(address);
        }

        return Volatile.Read(ref _snapshot)?.Has(address, null) == true;
    }

    private Snapshot? Fresh() => Volatile.Read(ref _snapshot) is { } known && time.GetElapsedTime(known.Taken) < Lifetime ? known : null;

    private async Task LearnMeanwhileAsync(IPAddress address)
    {
        try
        {
            await LearnAsync(address, null, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _isLearning, 0);
        }
    }

    private async ValueTask<bool> LearnAsync(IPAddress address, IPAddress? other, CancellationToken cancellation)
    {
        var addresses = new HashSet<IPAddress>();
        foreach (Peer peer in _peers)
        {
            LocateResult? located = await directory.LocateAsync(peer, cancellation).ConfigureAwait(false);
            addresses.UnionWith((located?.Targets ?? []).Select(target => target.EndPoint.Address.Unmapped));
        }

        var learnt = new Snapshot(addresses, time.GetTimestamp());
        Volatile.Write(ref _snapshot, learnt);
        return learnt.Has(address, other);
    }

    private sealed record Snapshot(HashSet<IPAddress> Addresses, long Taken)
    {
        public bool Has(IPAddress address, IPAddress? other) => Addresses.Contains(address) || (other is not null && Addresses.Contains(other));
    }
}
