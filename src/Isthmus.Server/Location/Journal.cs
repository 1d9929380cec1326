// SPDX-License-Identifier: Apache-2.0
using Microsoft.Data.Sqlite;

namespace Isthmus.Server.Location;

/// <summary>
/// The batches that were committed since the table was brought up to date, one row each: a commit writes one row at the end, whatever it changes.
/// </summary>
internal sealed class Journal(SqliteConnection connection) : IDisposable
{
    /// <summary>Its definition, since the third schema.</summary>
    public const string Definition = "CREATE TABLE journal (number INTEGER PRIMARY KEY, changes BLOB NOT NULL) STRICT;";

    private readonly SqliteStatement _append = new(connection, "INSERT INTO journal (number, changes) VALUES (?1, ?2)");
    private readonly SqliteStatement _drop = new(connection, "DELETE FROM journal WHERE number <= ?1");
    private readonly JournalRecord _record = new();
    private long _first = 1;

    /// <summary>The number of the last record; numbers are used once.</summary>
    public long Last { get; private set; }

    /// <summary>Octets of all records.</summary>
    public long Length { get; private set; }

    public bool IsEmpty => _first > Last;

    /// <summary>Applies every record in its order. False: record <paramref name="bad"/> is damaged.</summary>
    public bool TryRead(StoredBindings bindings, out long bad)
    {
        using var select = new SqliteStatement(connection, "SELECT number, changes FROM journal ORDER BY number");
        (_first, Last) = (1, 0);
        while (select.Read())
        {
            bad = select.Integer(0);
            ReadOnlySpan<byte> record = select.Octets(1);
            bool isNext = Last == 0 || bad == Last + 1;
            if (!isNext || !JournalRecord.TryRead(record, bindings))
            {
                select.Reset();
                return false;
            }

            _first = Last == 0 ? bad : _first;
            Last = bad;
            Length += record.Length;
        }

        bad = 0;
        return true;
    }

    /// <summary>Appends a batch; when this returns, it is on the disk.</summary>
    /// <exception cref="SqliteException">Nothing was written.</exception>
    public void Append(ReadOnlySpan<BindingChange> changes, long now)
    {
        ReadOnlySpan<byte> record = _record.Write(changes, now);
        _append.Bind(1, Last + 1).BindBlob(2, record).Run();
        Last++;
        Length += record.Length;
    }

    /// <summary>Drops at most <paramref name="most"/> records from the front, up to the one with that number. True: there are more of them.</summary>
    /// <exception cref="SqliteException">Nothing was dropped.</exception>
    public bool Drop(long upTo, int most)
    {
        long last = Math.Min(upTo, _first + most - 1);
        if (last >= _first)
        {
            _drop.Bind(1, last).Run();
            Length = last == Last ? 0 : Length - (Length * (last - _first + 1) / (Last - _first + 1));
            _first = last + 1;
        }

        return _first <= upTo;
    }

    public void Dispose()
    {
        _append.Dispose();
        _drop.Dispose();
        _record.Dispose();
    }
}
