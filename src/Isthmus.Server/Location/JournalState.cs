// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Isthmus.Server.Location;

/// <summary>What the database knows of its journal.</summary>
/// <param name="Store">32 hexadecimal digits that no other store has.</param>
/// <param name="Folded">The number of the last record that the table knows of.</param>
/// <param name="IsUsed">Whether there may be records that the table does not know of; else the files need not be there.</param>
internal sealed record JournalState(string Store, long Folded, bool IsUsed)
{
    /// <summary>The table that has it, since the fourth schema.</summary>
    public const string Definition = "CREATE TABLE journal (id INTEGER PRIMARY KEY CHECK (id = 1), store BLOB NOT NULL, folded INTEGER NOT NULL, used INTEGER NOT NULL) STRICT;";

    /// <summary>What each record begins with: nobody else can write one.</summary>
    public uint Mark => uint.Parse(Store.AsSpan(0, 2 * sizeof(uint)), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>What each file begins with.</summary>
    public string Head => $"Isthmus journal, format 1, store {Store}\n";
}
