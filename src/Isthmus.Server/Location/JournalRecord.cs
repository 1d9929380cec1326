// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Numerics;

namespace Isthmus.Server.Location;

/// <summary>One batch of changes as the journal's files hold it.</summary>
/// <remarks>
/// The mark of the store, a checksum (CRC-32C of all that follows it), the number of the record, the length of the changes, the changes
/// (<see cref="JournalChanges"/>), and octets of 0 up to a multiple of 8. All numbers are little-endian.
/// </remarks>
internal sealed class JournalRecord(uint mark)
{
    /// <summary>Records begin at its multiples.</summary>
    public const int Alignment = 8;

    /// <summary>Octets before the changes.</summary>
    public const int HeaderLength = Summed + sizeof(long) + sizeof(int);

    private const int Summed = sizeof(uint) + sizeof(uint);

    private readonly OctetWriter _octets = new();

    /// <summary>Writes a batch. Valid until the next one.</summary>
    public ReadOnlySpan<byte> Write(long number, ReadOnlySpan<BindingChange> changes, long now)
    {
        _octets.Clear();
        _octets.Number(mark);
        _octets.Number(0U); // the checksum, when all is there
        _octets.Number(number);
        _octets.Number(0); // the length
        JournalChanges.Write(_octets, changes, now);
        int end = _octets.Length;
        _octets.Align(Alignment);
        Span<byte> written = _octets.Written;
        BinaryPrimitives.WriteInt32LittleEndian(written[(HeaderLength - sizeof(int))..], end - HeaderLength);
        BinaryPrimitives.WriteUInt32LittleEndian(written[sizeof(uint)..], Checksum(written[Summed..end]));
        return written;
    }

    /// <summary>Reads a header. False: there is none.</summary>
    public bool TryReadHeader(ReadOnlySpan<byte> octets, out long number, out int length)
    {
        (number, length) = (0, 0);
        if (octets.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(octets) != mark)
        {
            return false;
        }

        number = BinaryPrimitives.ReadInt64LittleEndian(octets[Summed..]);
        length = BinaryPrimitives.ReadInt32LittleEndian(octets[(Summed + sizeof(long))..]);
        return number > 0 && length >= 0;
    }

    /// <summary>Whether a record is as it was written.</summary>
    /// <param name="record">Header and changes.</param>
    public static bool IsWhole(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt32LittleEndian(record[sizeof(uint)..]) == Checksum(record[Summed..]);

    /// <summary>The CRC-32C (RFC 3720 §12.1).</summary>
    public static uint Checksum(ReadOnlySpan<byte> octets)
    {
        uint sum = uint.MaxValue;
        for (; octets.Length >= sizeof(ulong); octets = octets[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(octets));
        }

        foreach (byte octet in octets)
        {
            sum = BitOperations.Crc32C(sum, octet);
        }

        return ~sum;
    }
}
