// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>An endpoint in 6 octets (IPv4) or 22 (IPv6, with its zone).</summary>
internal static class SourceAddress
{
    /// <summary>The most octets that one takes.</summary>
    public const int MaxLength = 22;

    private const int PortLength = 2;
    private const int V4Length = 4;
    private const int V6Length = 16;

    /// <summary>Writes it; answers its length.</summary>
    public static int Write(IPEndPoint source, Span<byte> target)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)source.Port);
        source.Address.TryWriteBytes(target[PortLength..], out int length);
        if (length == V6Length)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target[(PortLength + length)..], (uint)source.Address.ScopeId);
            length += sizeof(uint);
        }

        return PortLength + length;
    }

    /// <summary>Reads it back.</summary>
    public static IPEndPoint Read(ReadOnlySpan<byte> source) => new(ReadAddress(source), BinaryPrimitives.ReadUInt16BigEndian(source));

    /// <summary>Whether it is of that length that one can have.</summary>
    public static bool IsOne(ReadOnlySpan<byte> source) => source.Length is PortLength + V4Length or MaxLength;

    /// <summary>Whether these are the octets of that endpoint.</summary>
    public static bool Is(ReadOnlySpan<byte> source, IPEndPoint endPoint)
    {
        Span<byte> other = stackalloc byte[MaxLength];
        return other[..Write(endPoint, other)].SequenceEqual(source);
    }

    /// <summary>Whether the endpoint is at that address, on any port.</summary>
    public static bool IsAt(ReadOnlySpan<byte> source, IPAddress address)
    {
        Span<byte> other = stackalloc byte[MaxLength];
        other.Clear();
        address.TryWriteBytes(other, out int length);
        if (length == V6Length)
        {
            BinaryPrimitives.WriteUInt32BigEndian(other[length..], (uint)address.ScopeId);
            length += sizeof(uint);
        }

        return other[..length].SequenceEqual(source[PortLength..]);
    }

    private static IPAddress ReadAddress(ReadOnlySpan<byte> source) => source.Length == MaxLength
        ? new IPAddress(source.Slice(PortLength, V6Length), BinaryPrimitives.ReadUInt32BigEndian(source[(PortLength + V6Length)..]))
        : new IPAddress(source.Slice(PortLength, V4Length));
}
