// SPDX-License-Identifier: Apache-2.0
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Isthmus.Server.Storing;

/// <summary>The writer's connection to the database of a store, with the statements that were prepared once. For one thread at a time.</summary>
internal sealed class StoreConnection : IDisposable
{
    // Both connections to the file write a little at a time; should the other one be at it, this one waits.
    private const string Pragmas = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    /// <param name="path">The file; null: a database in memory.</param>
    /// <exception cref="StoreException">It cannot be opened.</exception>
    public StoreConnection(string? path)
    {
        Description = path ?? StoreOptions.Memory;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Description, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            _connection.Open();
            using (SqliteCommand pragmas = _connection.CreateCommand())
            {
                pragmas.CommandText = Pragmas;
                pragmas.ExecuteNonQuery();
            }

            StoreSchema.Upgrade(_connection, Description);
        }
        catch (SqliteException exception)
        {
            _connection.Dispose();
            throw StoreException.Of(exception, Description);
        }
        catch (StoreException)
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Where it is, for people.</summary>
    public string Description { get; }

    /// <summary>Whether a transaction is open: after some errors SQLite rolls back by itself.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    /// <summary>The prepared statement for a text, which is to be a constant: the same one each time, free to be bound. Its rows are read to the end, or it is reset.</summary>
    /// <exception cref="SqliteException">It cannot be prepared.</exception>
    public SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out SqliteStatement? statement))
        {
            statement = new SqliteStatement(_connection, sql);
            _statements.Add(sql, statement);
        }

        statement.Reset(); // whoever had it last may have failed amid its rows
        return statement;
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
