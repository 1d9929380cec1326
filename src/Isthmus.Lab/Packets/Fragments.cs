// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Lab;

/// <summary>Puts fragmented packets together: a SIP message larger than the link's MTU is cut by IP. Holds a bounded number of unfinished ones.</summary>
internal sealed class Fragments
{
    private const int MostUnfinished = 64;
    private const int MostParts = 64;

    private readonly Dictionary<(IPAddress Source, IPAddress Destination, byte Protocol, uint Identification), List<IpPacket>> _unfinished = [];

    /// <summary>Takes a packet; true with the whole one when it is whole now.</summary>
    public bool TryComplete(in IpPacket packet, out IpPacket whole)
    {
        whole = packet;
        if (!packet.IsFragment)
        {
            return true;
        }

        var key = (packet.Source, packet.Destination, packet.Protocol, packet.Identification);
        if (!_unfinished.TryGetValue(key, out List<IpPacket>? parts))
        {
            if (_unfinished.Count == MostUnfinished)
            {
                _unfinished.Clear(); // nobody waits for what is that incomplete
            }

            _unfinished[key] = parts = [];
        }

        if (parts.Count == MostParts)
        {
            return false;
        }

        parts.Add(packet);
        parts.Sort((one, other) => one.Offset.CompareTo(other.Offset));
        int end = 0;
        foreach (IpPacket part in parts)
        {
            if (part.Offset > end)
            {
                return false;
            }

            end = Math.Max(end, part.Offset + part.Payload.Length);
        }

        if (parts[^1].HasMore)
        {
            return false;
        }

        byte[] payload = new byte[end];
        foreach (IpPacket part in parts)
        {
            part.Payload.CopyTo(payload.AsMemory(part.Offset));
        }

        _unfinished.Remove(key);
        whole = packet.Whole(payload);
        return true;
    }
}
