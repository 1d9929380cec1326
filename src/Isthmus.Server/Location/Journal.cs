// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Storing;

namespace Isthmus.Server.Location;

/// <summary>
/// The batches that were committed since the table was brought up to date, one record each, in two files by turns: while the records of one are folded
/// into the table, the other one is written.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly JournalRecord _record;
    private JournalSegment _active;
    private JournalSegment _other;

    /// <param name="path">The database that it belongs to.</param>
    /// <param name="state">What the database knows of it.</param>
    /// <param name="open">Opens a file, or makes an empty one.</param>
    /// <exception cref="IOException">A file cannot be opened, or not be made.</exception>
    /// <exception cref="StoreException">A file is missing, or none of this journal.</exception>
    public Journal(string path, JournalState state, Func<string, bool, IJournalFile> open)
    {
        _record = new(state.Mark);
        string[] files = FilesOf(path);
        _active = JournalSegment.Open(files[0], state, _record, open);
        _other = JournalSegment.Open(files[1], state, _record, open);
        (Folded, Last) = (state.Folded, state.Folded);
    }

    /// <summary>The number of the last record; numbers are used once.</summary>
    public long Last { get; private set; }

    /// <summary>The number of the last record that the table knows of.</summary>
    public long Folded { get; private set; }

    public bool IsEmpty => Folded == Last;

    /// <summary>Whether both files have records that the table does not know of, as after a crash amid folding: then one cannot take the other's place.</summary>
    public bool IsSplit => _other.Last > Folded;

    /// <summary>Octets of the records that the table does not know of.</summary>
    public long Length => _active.Length + (IsSplit ? _other.Length : 0);

    /// <summary>Its files beside a database.</summary>
    public static string[] FilesOf(string path) => [path + ".journal1", path + ".journal2"];

    /// <summary>Applies every record that the table does not know of, in their order. False: record <paramref name="bad"/> is damaged or missing.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool TryRead(StoredBindings bindings, out long bad)
    {
        if (_active.First() < _other.First())
        {
            (_active, _other) = (_other, _active);
        }

        bad = Folded + 1;
        if (!_other.TryRead(ref bad, bindings) || !_active.TryRead(ref bad, bindings))
        {
            return false;
        }

        Last = bad - 1;
        ClearFolded();
        return true;
    }

    /// <summary>Appends a batch; when this returns, it is on the disk.</summary>
    /// <exception cref="IOException">Nothing was appended.</exception>
    public void Append(ReadOnlySpan<BindingChange> changes, long now)
    {
        _active.Append(_record.Write(Last + 1, changes, now), Last + 1);
        Last++;
    }

    /// <summary>From now on the other file is written, if it can be, so that this one can be folded.</summary>
    public void Turn()
    {
        if (!IsSplit)
        {
            (_active, _other) = (_other, _active);
        }
    }

    /// <summary>The table knows the records up to that number.</summary>
    public void Forget(long upTo)
    {
        Folded = upTo;
        ClearFolded();
    }

    public void Dispose()
    {
        _active.Dispose();
        _other.Dispose();
    }

    private void ClearFolded()
    {
        foreach (JournalSegment segment in (ReadOnlySpan<JournalSegment>)[_active, _other])
        {
            if (segment.Last <= Folded)
            {
                segment.Clear();
            }
        }
    }
}
