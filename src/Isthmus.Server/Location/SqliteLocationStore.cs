// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Isthmus.Sip;
using Microsoft.Data.Sqlite;

namespace Isthmus.Server.Location;

/// <summary>
/// Bindings in an SQLite file: write-ahead log and <c>synchronous=FULL</c>, so that a batch that was committed survives the end of the
/// process and of the machine's power (docs/decisions/0030). A batch is one row of a journal, which is folded into the table of bindings later
/// (docs/decisions/0036). A lock file keeps a second server away from it.
/// </summary>
internal sealed class SqliteLocationStore(string path, JournalBounds? bounds = null) : ILocationStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // What each version of the schema added to the one before; a new version is a line more.
    private static readonly string[] Additions =
    [
        BindingTable.Definition,
        "CREATE TABLE secret (id INTEGER PRIMARY KEY CHECK (id = 1), value BLOB NOT NULL) STRICT;",
        Journal.Definition,
    ];

    private const int SecretLength = 32;

    private readonly JournalBounds _bounds = bounds ?? new();
    private FileStream? _lock;
    private SqliteConnection? _connection;
    private BindingTable? _table;
    private Journal? _journal;
    private UnfoldedBindings _unfolded = new();
    private Fold? _fold;

    // What could not be read whole must not be folded: its records would go.
    private bool _isRead;

    public bool IsDurable => true;

    public string Description => path;

    public ReadOnlyMemory<byte> Secret { get; private set; }

    public long LastId { get; private set; }

    public IReadOnlyCollection<AddressOfRecord> Load(KeyedHash hash)
    {
        try
        {
            TakeLock();
            Open();
            return Read(hash);
        }
        catch (SqliteException exception)
        {
            throw new LocationStoreException(Explain(exception), exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LocationStoreException($"{path} cannot be opened: {exception.Message}", exception);
        }
    }

    public void Commit(ReadOnlySpan<BindingChange> changes, long now)
    {
        try
        {
            _journal!.Append(changes, now);
        }
        catch (SqliteException exception)
        {
            throw new LocationStoreException(Explain(exception), exception);
        }

        _unfolded.Add(changes);
    }

    public bool Tidy(Leisure leisure)
    {
        if (!_isRead || (_fold is null && (_journal!.IsEmpty || !_bounds.IsReached(_journal.Length, _unfolded.Count, leisure))))
        {
            return false;
        }

        try
        {
            _fold ??= new(_journal!.Last, _unfolded.TakeAll());
            if (_fold.Step(_table!, _journal!, _bounds))
            {
                return true;
            }

            _fold = null;
            return leisure == Leisure.Long && !_journal!.IsEmpty;
        }
        catch (SqliteException exception)
        {
            throw new LocationStoreException(Explain(exception), exception);
        }
    }

    public void Dispose()
    {
        _journal?.Dispose();
        _table?.Dispose();
        _connection?.Dispose();
        _lock?.Dispose();
    }

    private void TakeLock()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        try
        {
            _lock = OpenForOwner(path + ".lock", FileShare.None);
        }
        catch (IOException exception) when (File.Exists(path + ".lock"))
        {
            throw new LocationStoreException($"{path} is in use by another server", exception);
        }
    }

    private void Open()
    {
        OpenForOwner(path, FileShare.ReadWrite).Dispose(); // SQLite gives its other files the mode of this one
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString());
        _connection.Open();
        Execute("PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        if (Scalar("PRAGMA quick_check(1)") is not "ok")
        {
            throw new LocationStoreException($"{path} is damaged; move it away to start with an empty store");
        }

        UpgradeSchema();
        Secret = ReadSecret();
        _table = new BindingTable(_connection);
        _journal = new Journal(_connection);
    }

    private void UpgradeSchema()
    {
        long version = (long)Scalar("PRAGMA user_version")!;
        if (version > Additions.Length)
        {
            throw new LocationStoreException($"{path} was written by a newer Isthmus (schema {version}, this one knows {Additions.Length})");
        }

        if (version < Additions.Length)
        {
            using SqliteTransaction transaction = _connection!.BeginTransaction();
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
        using SqliteCommand insert = _connection!.CreateCommand();
        insert.CommandText = "INSERT OR REPLACE INTO secret (id, value) VALUES (1, $value)";
        insert.Parameters.AddWithValue("$value", secret);
        insert.ExecuteNonQuery();
        return secret;
    }

    // Who calls whom from where, and the secret: for nobody else.
    private static FileStream OpenForOwner(string file, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(file, options);
    }

    private IReadOnlyCollection<AddressOfRecord> Read(KeyedHash hash)
    {
        var bindings = new StoredBindings(hash);
        if (!_table!.TryRead(bindings, out long bad))
        {
            throw new LocationStoreException($"{path} holds a binding that cannot be read (id {bad}); move the file away to start with an empty store");
        }

        if (!_journal!.TryRead(bindings, out bad))
        {
            throw new LocationStoreException($"{path} holds a journal that is damaged (record {bad}); move the file away to start with an empty store");
        }

        (_unfolded, LastId, _isRead) = (bindings.Unfolded, bindings.LastId, true);
        return bindings.Grouped();
    }

    private void Execute(string sql, SqliteTransaction? transaction = null)
    {
        using SqliteCommand command = _connection!.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        command.ExecuteNonQuery();
    }

    private object? Scalar(string sql)
    {
        using SqliteCommand command = _connection!.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private string Explain(SqliteException exception) => exception.SqliteErrorCode switch
    {
        11 or 26 => $"{path} is not a database that can be read (damaged, or another kind of file); move it away to start with an empty store",
        5 or 6 => $"{path} is locked by another program",
        8 => $"{path} cannot be written: read-only",
        13 => $"{path} cannot be written: the disk is full",
        14 => $"{path} cannot be opened",
        _ => $"{path}: {exception.Message.ReplaceLineEndings(" ")}",
    };
}
