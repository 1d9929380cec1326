// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>
/// Which messages are on their way to which remote endpoint by UDP, so that an ICMP error finds those it concerns. By the hash of the
/// endpoint: adding and removing cost a lock and four references, and only an error looks through a list.
/// </summary>
internal sealed class DatagramWatch
{
    private const int Size = 256;

    private readonly WatchList[] _lists = [.. Enumerable.Range(0, Size).Select(_ => new WatchList())];

    public void Add(Outgoing outgoing) => ListOf(outgoing.Path!.Remote).Add(outgoing);

    /// <summary>What was sent there did not arrive.</summary>
    public void Report(IPEndPoint remote, SocketError error)
    {
        foreach (var outgoing in ListOf(remote).Snapshot(remote))
        {
            outgoing.OnFailed(error);
        }
    }

    private WatchList ListOf(IPEndPoint remote) => _lists[(uint)remote.GetHashCode() % Size];
}
