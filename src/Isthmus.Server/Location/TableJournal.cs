// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Isthmus.Server.Storing;
using Isthmus.Sip;
using Microsoft.Data.Sqlite;

namespace Isthmus.Server.Location;

/// <summary>The journal as the third schema had it: a table of the database, one batch a row.</summary>
internal static class TableJournal
{
    /// <summary>Its definition.</summary>
    public const string Definition = "CREATE TABLE journal (number INTEGER PRIMARY KEY, changes BLOB NOT NULL) STRICT;";

    private const byte Format = 1;
    private const int HeaderLength = sizeof(uint) + sizeof(byte);

    /// <summary>Folds it into the table of bindings; it may be done again, and is not needed any more then. False: record <paramref name="bad"/> is damaged.</summary>
    /// <exception cref="SqliteException">It cannot be read, or the table not be written.</exception>
    public static bool TryFold(SqliteConnection connection, out long bad)
    {
        using var table = new BindingTable(connection);
        var bindings = new StoredBindings(KeyedHash.Random());
        if (!table.TryRead(bindings, out bad) || !TryRead(connection, bindings, out bad))
        {
            return false;
        }

        table.Write(CollectionsMarshal.AsSpan(bindings.Unfolded.TakeAll()));
        return true;
    }

    private static bool TryRead(SqliteConnection connection, StoredBindings bindings, out long bad)
    {
        using var select = new SqliteStatement(connection, "SELECT number, changes FROM journal ORDER BY number");
        for (long last = 0; select.Read(); last = bad)
        {
            bad = select.Integer(0);
            ReadOnlySpan<byte> record = select.Octets(1);
            bool isNext = last == 0 || bad == last + 1;
            if (!isNext || !IsWhole(record) || !JournalChanges.TryRead(record[HeaderLength..], bindings))
            {
                select.Reset();
                return false;
            }
        }

        bad = 0;
        return true;
    }

    private static bool IsWhole(ReadOnlySpan<byte> record) => record.Length >= HeaderLength && record[sizeof(uint)] == Format
        && BinaryPrimitives.ReadUInt32LittleEndian(record) == JournalRecord.Checksum(record[sizeof(uint)..]);
}
