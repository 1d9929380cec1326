// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Server.Storing;

namespace Isthmus.Server.Location;

/// <summary>One of the journal's two files: a line that says whose it is, and records one after the other, written in place into room that is there already.</summary>
internal sealed class JournalSegment : IDisposable
{
    private const int FirstRecord = 4096; // in no page with the first line

    // So much room is made at once; a write that makes the file longer costs several that do not.
    private static readonly byte[] Room = new byte[256 << 10];

    private readonly IJournalFile _file;
    private readonly JournalRecord _records;
    private long _end = FirstRecord;

    private JournalSegment(IJournalFile file, JournalRecord records) => (_file, _records) = (file, records);

    /// <summary>The number of its last record; 0: there is none.</summary>
    public long Last { get; private set; }

    /// <summary>Octets of its records.</summary>
    public long Length => _end - FirstRecord;

    /// <summary>Opens a file that was made before, or makes it where none is needed yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="state">What the database knows of the journal.</param>
    /// <param name="records">Reads and writes its records.</param>
    /// <param name="open">Opens a file, or makes an empty one.</param>
    /// <exception cref="IOException">It cannot be opened, or not be made.</exception>
    /// <exception cref="StoreException">It is missing, or not of this journal.</exception>
    public static JournalSegment Open(string path, JournalState state, JournalRecord records, Func<string, bool, IJournalFile> open)
    {
        byte[] head = Encoding.ASCII.GetBytes(state.Head);
        if (!state.IsUsed)
        {
            IJournalFile made = open(path, true);
            made.Write(Room, 0);
            made.Write(head, 0);
            return new(made, records);
        }

        if (!File.Exists(path))
        {
            throw new StoreException($"{path} is missing, and bindings are only there; put it back, or move the store's other files away to start with an empty store");
        }

        IJournalFile file = open(path, false);
        byte[] found = new byte[head.Length];
        return file.Read(found, 0) == head.Length && found.AsSpan().SequenceEqual(head)
            ? new(file, records)
            : throw new StoreException($"{path} is damaged or belongs to another store; move the store's files away to start with an empty store");
    }

    /// <summary>The number of the first record; the largest number when there is none that is whole.</summary>
    public long First() => new JournalReader(_file, _records).TryRead(FirstRecord, out long number, out _) ? number : long.MaxValue;

    /// <summary>
    /// Applies the records from <paramref name="next"/> on, which is the one behind them then. What is not whole at the end was being written when the
    /// server ended, and nobody was told of it: the next record takes its place. False: record <paramref name="next"/> is damaged or missing.
    /// </summary>
    public bool TryRead(ref long next, StoredBindings bindings)
    {
        var reader = new JournalReader(_file, _records);
        while (reader.TryRead(_end, out long number, out ReadOnlySpan<byte> changes) && (Last == 0 || number == Last + 1))
        {
            if (number >= next && (number > next++ || !JournalChanges.TryRead(changes, bindings)))
            {
                next--;
                return false;
            }

            _end += Padded(JournalRecord.HeaderLength + changes.Length);
            Last = number;
        }

        return !reader.HasFrom(next, _end);
    }

    /// <summary>Appends a record; when this returns, it is on the disk.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    public void Append(ReadOnlySpan<byte> record, long number)
    {
        try
        {
            while (_end + record.Length > _file.Length)
            {
                _file.Write(Room, _file.Length);
            }

            _file.Write(record, _end);
        }
        catch (IOException)
        {
            TakeBack();
            throw;
        }

        _end += record.Length;
        Last = number;
    }

    /// <summary>Its records are not needed any more: the next ones take their place.</summary>
    public void Clear() => (_end, Last) = (FirstRecord, 0);

    public void Dispose() => _file.Dispose();

    private static int Padded(int length) => (length + JournalRecord.Alignment - 1) & -JournalRecord.Alignment;

    // Nobody is told that it succeeded, so it should not be found again, if the disk lets us.
    private void TakeBack()
    {
        try
        {
            if (_end < _file.Length)
            {
                _file.Write(Room.AsSpan(0, JournalRecord.HeaderLength), _end);
            }
        }
        catch (IOException)
        {
            // The next record takes its place, if there is ever one.
        }
    }
}
