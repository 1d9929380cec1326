// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Figures;

/// <summary>The nodes of a figure and the ladder between them: each node's network is tapped, so that what it sends is drawn.</summary>
public sealed class TappedNodes(Ladder ladder)
{
    private readonly ConcurrentDictionary<(bool IsStream, IPEndPoint EndPoint), string> _owners = new();

    /// <summary>The ladder that grows.</summary>
    public Ladder Ladder { get; } = ladder;

    /// <summary>The network of one node.</summary>
    public INetwork NetworkOf(string node, INetwork inner) => new TappedNetwork(this, node, inner);

    internal void Own(string node, bool isStream, IPEndPoint endPoint) => _owners[(isStream, endPoint)] = node;

    internal void Sent(string from, bool isStream, IPEndPoint remote, ReadOnlySpan<byte> bytes)
    {
        string to = _owners.GetValueOrDefault((isStream, remote), "?");
        if (!isStream && bytes.Length > 0 && bytes[0] >> 6 == 2)
        {
            Ladder.MediaSent(from, to, remote.Address.Version); // version 2 of RTP and RTCP; no SIP message begins so
            return;
        }

        Ladder.Sent(from, to, remote.Address.Version, isStream ? SipTransport.Tcp : SipTransport.Udp, bytes);
    }
}
