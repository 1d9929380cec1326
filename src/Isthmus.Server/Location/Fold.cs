// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Isthmus.Server.Location;

/// <summary>
/// Brings the table up to date with the journal, piece by piece: the rows of all bindings that it is about, each once and as it is by then, which may be
/// later than the journal's end; with the last of them the table says how far it has come. Between any two pieces the store may be read: records are
/// true of any row.
/// </summary>
/// <param name="upTo">The last record that it takes the place of.</param>
/// <param name="bindings">What these records are about.</param>
internal sealed class Fold(long upTo, List<Binding> bindings)
{
    private int _done;

    /// <summary>Does the next piece. False: it was the last one.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">Nothing was done; try again later.</exception>
    public bool Step(StoreDatabase database, Journal journal, int rows)
    {
        ReadOnlySpan<Binding> left = CollectionsMarshal.AsSpan(bindings)[_done..];
        if (left.Length > rows)
        {
            database.Bindings.Write(left[..rows]);
            _done += rows;
            return true;
        }

        database.WriteLast(left, upTo);
        journal.Forget(upTo);
        return false;
    }
}
