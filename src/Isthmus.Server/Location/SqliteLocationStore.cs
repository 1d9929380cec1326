// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Storing;
using Isthmus.Sip;
using Microsoft.Data.Sqlite;

namespace Isthmus.Server.Location;

/// <summary>
/// Bindings in an SQLite file and a journal beside it: a batch is one record of the journal, on the disk before anybody is told of it, and is folded into
/// the table of bindings later (docs/decisions/0030, 0047). A lock file keeps a second server away from them.
/// </summary>
/// <param name="path">The SQLite file; the others lie beside it and begin with its name.</param>
/// <param name="bounds">When the journal is folded.</param>
/// <param name="open">Opens the journal's files, or makes empty ones; null: those of the disk.</param>
internal sealed class SqliteLocationStore(string path, JournalBounds? bounds = null, Func<string, bool, IJournalFile>? open = null) : ILocationStore
{
    private const int NoRoom = 28; // ENOSPC
    private const int NoRoomOnWindows = unchecked((int)0x80070070); // ERROR_DISK_FULL

    private readonly JournalBounds _bounds = bounds ?? new();
    private FileStream? _lock;
    private StoreDatabase? _database;
    private Journal? _journal;
    private UnfoldedBindings _unfolded = new();
    private Fold? _fold;

    // What could not be read whole must not be folded: its records would go.
    private bool _isRead;

    public bool IsDurable => true;

    public string Description => path;

    public ReadOnlyMemory<byte> Secret => _database!.Secret;

    public long LastId { get; private set; }

    public IReadOnlyCollection<AddressOfRecord> Load(KeyedHash hash)
    {
        try
        {
            TakeLock();
            OwnerFile.Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose(); // SQLite gives its other files the mode of this one
            _database = new StoreDatabase(path);
            _journal = new Journal(path, _database.Journal, open ?? JournalFile.Open);
            _database.SetJournalUsed(true);
            return Read(hash);
        }
        catch (SqliteException exception)
        {
            throw StoreException.Of(exception, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{path} cannot be opened: {exception.Message}", exception);
        }
    }

    public void Commit(ReadOnlySpan<BindingChange> changes, long now)
    {
        try
        {
            _journal!.Append(changes, now);
        }
        catch (IOException exception)
        {
            string problem = exception.HResult is NoRoom or NoRoomOnWindows ? "the disk is full" : exception.Message;
            throw new StoreException($"the journal of {path} cannot be written: {problem}", exception);
        }

        _unfolded.Add(changes);
    }

    public bool Tidy(Leisure leisure)
    {
        if (!_isRead || (_fold is null && !IsToBeFolded(leisure)))
        {
            return false;
        }

        try
        {
            _fold ??= BeginFold();
            if (_fold.Step(_database!, _journal!, _bounds.Rows))
            {
                return true;
            }

            _fold = null;
            return leisure == Leisure.Long && !_journal!.IsEmpty;
        }
        catch (SqliteException exception)
        {
            throw StoreException.Of(exception, path);
        }
    }

    public void Dispose()
    {
        _journal?.Dispose();
        if (_isRead && _journal!.IsEmpty)
        {
            TryLeaveJournal();
        }

        _isRead = false;
        _database?.Dispose();
        _lock?.Dispose();
    }

    private bool IsToBeFolded(Leisure leisure) => !_journal!.IsEmpty && (_journal.IsSplit || _bounds.IsReached(_journal.Length, _unfolded.Count, leisure));

    private Fold BeginFold()
    {
        _journal!.Turn();
        return new(_journal.Last, _unfolded.TakeAll());
    }

    private void TakeLock()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        try
        {
            _lock = OwnerFile.Open(path + ".lock", FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(path + ".lock"))
        {
            throw new StoreException($"{path} is in use by another server", exception);
        }
    }

    private IReadOnlyCollection<AddressOfRecord> Read(KeyedHash hash)
    {
        var bindings = new StoredBindings(hash);
        if (!_database!.Bindings.TryRead(bindings, out long bad))
        {
            throw new StoreException($"{path} holds a binding that cannot be read (id {bad}); move the file away to start with an empty store");
        }

        if (!_journal!.TryRead(bindings, out bad))
        {
            throw new StoreException($"the journal of {path} is damaged (record {bad}); move its files away, and that one, to start with an empty store");
        }

        (_unfolded, LastId, _isRead) = (bindings.Unfolded, bindings.LastId, true);
        return bindings.Grouped();
    }

    // The table has everything: it is all that a copy of the store needs.
    private void TryLeaveJournal()
    {
        try
        {
            _database!.SetJournalUsed(false);
            Array.ForEach(Journal.FilesOf(path), File.Delete);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            // They stay: the next start reads them, or makes them anew.
        }
    }
}
