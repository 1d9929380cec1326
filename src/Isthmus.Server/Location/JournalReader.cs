// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Location;

/// <summary>Reads a journal's file from its beginning to its end, in large pieces.</summary>
internal sealed class JournalReader(IJournalFile file, JournalRecord records)
{
    private byte[] _octets = new byte[1 << 20];
    private long _start;
    private int _count;

    /// <summary>Reads the record at an offset. False: there is none that is whole.</summary>
    /// <param name="offset">Where it begins.</param>
    /// <param name="number">Its number.</param>
    /// <param name="changes">What it says, until the next one is read.</param>
    public bool TryRead(long offset, out long number, out ReadOnlySpan<byte> changes)
    {
        changes = default;
        if (!records.TryReadHeader(At(offset, JournalRecord.HeaderLength), out number, out int length) || length > file.Length - offset - JournalRecord.HeaderLength)
        {
            return false;
        }

        ReadOnlySpan<byte> record = At(offset, JournalRecord.HeaderLength + length);
        changes = record[JournalRecord.HeaderLength..];
        return JournalRecord.IsWhole(record);
    }

    /// <summary>Whether there is a whole record of that number or a later one behind an offset.</summary>
    public bool HasFrom(long number, long offset)
    {
        for (; offset < file.Length; offset += JournalRecord.Alignment)
        {
            if (TryRead(offset, out long found, out _) && found >= number)
            {
                return true;
            }
        }

        return false;
    }

    private ReadOnlySpan<byte> At(long offset, int length)
    {
        if (offset < _start || offset + length > _start + _count)
        {
            if (length > _octets.Length)
            {
                _octets = new byte[length];
            }

            (_start, _count) = (offset, file.Read(_octets, offset));
        }

        return _octets.AsSpan((int)(offset - _start), Math.Min(length, _count - (int)(offset - _start)));
    }
}
