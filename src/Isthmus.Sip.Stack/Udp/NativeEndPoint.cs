// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>Endpoints as Linux writes them: struct sockaddr_in (16 bytes) and sockaddr_in6 (28 bytes).</summary>
internal static class NativeEndPoint
{
    public const int Size4 = 16;
    public const int Size6 = 28;
    private const ushort Family4 = 2;
    private const ushort Family6 = 10;

    /// <summary>Writes an endpoint; answers how many bytes it takes.</summary>
    public static int Write(IPEndPoint endPoint, Span<byte> into)
    {
        into[..Size6].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)endPoint.Port);
        if (endPoint.AddressFamily == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(into, Family4);
            endPoint.Address.TryWriteBytes(into[4..], out _);
            return Size4;
        }
        BinaryPrimitives.WriteUInt16LittleEndian(into, Family6);
        endPoint.Address.TryWriteBytes(into[8..], out _);
        BinaryPrimitives.WriteUInt32LittleEndian(into[24..], (uint)endPoint.Address.ScopeId);
        return Size6;
    }

    /// <summary>Reads an endpoint; null when it is of neither version.</summary>
    public static IPEndPoint? Read(ReadOnlySpan<byte> from)
    {
        if (from.Length < Size4)
        {
            return null;
        }
        var port = BinaryPrimitives.ReadUInt16BigEndian(from[2..]);
        return BinaryPrimitives.ReadUInt16LittleEndian(from) switch
        {
            Family4 => new IPEndPoint(new IPAddress(from.Slice(4, 4)), port),
            Family6 when from.Length >= Size6 => new IPEndPoint(Address6(from.Slice(8, 16), BinaryPrimitives.ReadUInt32LittleEndian(from[24..])), port),
            _ => null,
        };
    }

    /// <summary>An IPv6 address; only a link-local one has a zone.</summary>
    public static IPAddress Address6(ReadOnlySpan<byte> bytes, uint zone) =>
        bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80 ? new IPAddress(bytes, zone) : new IPAddress(bytes);
}
