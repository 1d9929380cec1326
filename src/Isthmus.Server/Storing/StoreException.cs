// SPDX-License-Identifier: Apache-2.0
using Microsoft.Data.Sqlite;

namespace Isthmus.Server.Storing;

/// <summary>The store cannot be opened, read or written. The message is one line for people.</summary>
internal sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What SQLite says of a file, for people.</summary>
    public static StoreException Of(SqliteException exception, string path) => new(Explain(exception, path), exception);

    private static string Explain(SqliteException exception, string path) => exception.SqliteErrorCode switch
    {
        11 or 26 => $"{path} is not a database that can be read (damaged, or another kind of file); move it away to start with an empty store",
        5 or 6 => $"{path} is locked by another program",
        8 => $"{path} cannot be written: read-only",
        13 => $"{path} cannot be written: the disk is full",
        14 => $"{path} cannot be opened",
        _ => $"{path}: {exception.Message.ReplaceLineEndings(" ")}",
    };
}
