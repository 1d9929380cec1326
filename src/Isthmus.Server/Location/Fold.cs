// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Isthmus.Server.Location;

/// <summary>
/// Brings the table up to date with the journal, piece by piece: first the rows of all bindings that it is about, each once and as it is by then, which may
/// be later than the journal's end; then the records go. Between any two pieces the store may be read: the records that are left are true of any row.
/// </summary>
/// <param name="upTo">The last record that it takes the place of.</param>
/// <param name="bindings">What these records are about.</param>
internal sealed class Fold(long upTo, List<Binding> bindings)
{
    private int _done;

    /// <summary>Does the next piece. False: it was the last one.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">Nothing was done; try again later.</exception>
    public bool Step(BindingTable table, Journal journal, JournalBounds bounds)
    {
        if (_done < bindings.Count)
        {
            int count = Math.Min(bounds.Rows, bindings.Count - _done);
            table.Write(CollectionsMarshal.AsSpan(bindings).Slice(_done, count));
            _done += count;
            return true;
        }

        return journal.Drop(upTo, bounds.Records);
    }
}
