// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Isthmus.Server.Location;

/// <summary>The SQLite file of a store: the table of bindings, and what there is one of. Write-ahead log and <c>synchronous=FULL</c>.</summary>
internal sealed class StoreDatabase : IDisposable
{
    private const int SecretLength = 32;
    private const int NameLength = 16;
    private const int TableJournalVersion = 3;

    // What each version of the schema added to the one before; a new version is a line more.
    private static readonly string[] Additions =
    [
        BindingTable.Definition,
        "CREATE TABLE secret (id INTEGER PRIMARY KEY CHECK (id = 1), value BLOB NOT NULL) STRICT;",
        TableJournal.Definition,
        $"DROP TABLE journal; {JournalState.Definition}",
    ];

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _setFolded;

    /// <exception cref="SqliteException">It cannot be opened.</exception>
    /// <exception cref="LocationStoreException">It is damaged, or of a newer version.</exception>
    public StoreDatabase(string path)
    {
        _path = path;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString());
        _connection.Open();
        Execute("PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        if (Scalar("PRAGMA quick_check(1)") is not "ok")
        {
            throw new LocationStoreException($"{path} is damaged; move it away to start with an empty store");
        }

        Upgrade();
        Secret = ReadSecret();
        Journal = ReadJournal();
        Bindings = new BindingTable(_connection);
        _setFolded = new SqliteStatement(_connection, "UPDATE journal SET folded = ?1");
    }

    /// <summary><see cref="ILocationStore.Secret"/>.</summary>
    public ReadOnlyMemory<byte> Secret { get; }

    /// <summary>What it knew of its journal when it was opened.</summary>
    public JournalState Journal { get; }

    /// <summary>The table of bindings.</summary>
    public BindingTable Bindings { get; }

    /// <summary>Remembers whether the journal may have records that the table does not know of.</summary>
    /// <exception cref="SqliteException">Nothing has changed.</exception>
    public void SetJournalUsed(bool isUsed) => Execute($"UPDATE journal SET used = {(isUsed ? 1 : 0)}");

    /// <summary>Makes the rows of these bindings what the bindings are, and remembers how much of the journal the table knows by that; all or nothing.</summary>
    /// <exception cref="SqliteException">Nothing was written.</exception>
    public void WriteLast(ReadOnlySpan<Binding> bindings, long folded) => Bindings.Write(bindings, _setFolded.Bind(1, folded));

    public void Dispose()
    {
        _setFolded.Dispose();
        Bindings.Dispose();
        _connection.Dispose();
    }

    private void Upgrade()
    {
        long version = (long)Scalar("PRAGMA user_version")!;
        if (version > Additions.Length)
        {
            throw new LocationStoreException($"{_path} was written by a newer Isthmus (schema {version}, this one knows {Additions.Length})");
        }

        if (version == TableJournalVersion && !TableJournal.TryFold(_connection, out long bad))
        {
            throw new LocationStoreException($"{_path} holds a journal that is damaged (record {bad}); move the file away to start with an empty store");
        }

        if (version < Additions.Length)
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            Execute(string.Concat(Additions.Skip((int)version)) + $"PRAGMA user_version = {Additions.Length};", transaction);
            transaction.Commit();
        }
    }

    private byte[] ReadSecret()
    {
        if (Scalar("SELECT value FROM secret") is byte[] { Length: >= SecretLength } known)
        {
            return known;
        }

        byte[] secret = RandomNumberGenerator.GetBytes(SecretLength);
        Execute($"INSERT OR REPLACE INTO secret (id, value) VALUES (1, x'{Convert.ToHexString(secret)}')");
        return secret;
    }

    private JournalState ReadJournal()
    {
        using (var select = new SqliteStatement(_connection, "SELECT store, folded, used FROM journal"))
        {
            if (select.Read())
            {
                var state = new JournalState(Convert.ToHexStringLower(select.Octets(0)), select.Integer(1), select.Integer(2) != 0);
                select.Reset();
                return state;
            }
        }

        var created = new JournalState(RandomNumberGenerator.GetHexString(2 * NameLength, lowercase: true), 0, IsUsed: false);
        Execute($"INSERT INTO journal (id, store, folded, used) VALUES (1, x'{created.Store}', 0, 0)");
        return created;
    }

    private void Execute(string sql, SqliteTransaction? transaction = null)
    {
        using SqliteCommand command = _connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        command.ExecuteNonQuery();
    }

    private object? Scalar(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
