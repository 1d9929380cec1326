// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Isthmus.Server.Storing;

/// <summary>A prepared statement without the objects that ADO.NET makes for each run.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <exception cref="SqliteException">It cannot be prepared.</exception>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    /// <summary>Sets parameter <paramref name="number"/>, from 1.</summary>
    public SqliteStatement Bind(int number, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, number, value));
        return this;
    }

    /// <inheritdoc cref="Bind(int, long)"/>
    public SqliteStatement Bind(int number, double value)
    {
        Check(raw.sqlite3_bind_double(_statement, number, value));
        return this;
    }

    /// <inheritdoc cref="Bind(int, long)"/>
    public SqliteStatement BindText(int number, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_text(_statement, number, value));
        return this;
    }

    /// <inheritdoc cref="Bind(int, long)"/>
    public SqliteStatement BindText(int number, string value)
    {
        Check(raw.sqlite3_bind_text(_statement, number, value));
        return this;
    }

    /// <inheritdoc cref="Bind(int, long)"/>
    public SqliteStatement BindBlob(int number, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_statement, number, value));
        return this;
    }

    /// <inheritdoc cref="Bind(int, long)"/>
    public SqliteStatement BindNull(int number)
    {
        Check(raw.sqlite3_bind_null(_statement, number));
        return this;
    }

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public void Run()
    {
        int result = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        if (result != raw.SQLITE_ROW)
        {
            Check(result);
        }
    }

    /// <summary>Goes to the next row. False: there is none, and the statement can be run again.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public bool Read()
    {
        int result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        raw.sqlite3_reset(_statement);
        Check(result);
        return false;
    }

    /// <summary>Leaves the rows that were not read.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    /// <summary>A column of the row, from 0.</summary>
    public long Integer(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>The octets of a column of the row, valid until the next one; empty where it is null.</summary>
    public ReadOnlySpan<byte> Octets(int column) => raw.sqlite3_column_blob(_statement, column);

    /// <summary>A column of the row as text; empty where it is null.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(Octets(column));

    /// <summary>Whether a column of the row is null.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_DONE))
        {
            SqliteException.ThrowExceptionForRC(result, _database);
        }
    }
}
