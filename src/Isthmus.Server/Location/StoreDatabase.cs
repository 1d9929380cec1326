// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Isthmus.Server.Storing;
using Microsoft.Data.Sqlite;

namespace Isthmus.Server.Location;

/// <summary>The SQLite file of a store: the table of bindings, and what there is one of. Write-ahead log and <c>synchronous=FULL</c>.</summary>
internal sealed class StoreDatabase : IDisposable
{
    private const int SecretLength = 32;
    private const int NameLength = 16;

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _setFolded;

    /// <exception cref="SqliteException">It cannot be opened.</exception>
    /// <exception cref="StoreException">It is damaged, or of a newer version.</exception>
    public StoreDatabase(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString());
        _connection.Open();
        Execute("PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        if (Scalar("PRAGMA quick_check(1)") is not "ok")
        {
            throw new StoreException($"{path} is damaged; move it away to start with an empty store");
        }

        StoreSchema.Upgrade(_connection, path);
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

    private void Execute(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private object? Scalar(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
