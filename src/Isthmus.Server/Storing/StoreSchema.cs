// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Events;
using Isthmus.Server.Location;
using Isthmus.Server.Messaging;
using Microsoft.Data.Sqlite;

namespace Isthmus.Server.Storing;

/// <summary>The tables of a store, as one version of Isthmus after the other made them.</summary>
internal static class StoreSchema
{
    private const int TableJournalVersion = 3;

    // What each version of the schema added to the one before; a new version is a line more.
    private static readonly string[] Additions =
    [
        BindingTable.Definition,
        "CREATE TABLE secret (id INTEGER PRIMARY KEY CHECK (id = 1), value BLOB NOT NULL) STRICT;",
        TableJournal.Definition,
        $"DROP TABLE journal; {JournalState.Definition}",
        MessageTable.Definition,
        FormerUsers.Definition,
        EventTable.Definition,
        MessageTable.OfStranger + FormerUsers.Since,
    ];

    /// <summary>Brings a database to this version.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="path">Its name, for people.</param>
    /// <exception cref="StoreException">It was written by a newer version, or what is in it cannot be taken over.</exception>
    /// <exception cref="SqliteException">It cannot be read or written.</exception>
    public static void Upgrade(SqliteConnection connection, string path)
    {
        int version = VersionOf(connection);
        if (version > Additions.Length)
        {
            throw new StoreException($"{path} was written by a newer Isthmus (schema {version}, this one knows {Additions.Length})");
        }

        if (version == TableJournalVersion && !TableJournal.TryFold(connection, out long bad))
        {
            throw new StoreException($"{path} holds a journal that is damaged (record {bad}); move the file away to start with an empty store");
        }

        if (version < Additions.Length)
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            using SqliteCommand command = connection.CreateCommand();
            (command.CommandText, command.Transaction) = (string.Concat(Additions.Skip(version)) + $"PRAGMA user_version = {Additions.Length};", transaction);
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static int VersionOf(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (int)(long)command.ExecuteScalar()!;
    }
}
