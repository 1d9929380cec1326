// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Isthmus.Server.Storing;

namespace Isthmus.Server.Messaging;

/// <summary>
/// The users who were there once and are not any more: after a restart nothing else tells them from those who never were. They are written down when their last
/// binding goes, some time later and many at once; what a crash takes of the last moment is known again with their next registration.
/// </summary>
/// <param name="writer">Where they are written.</param>
/// <param name="most">How many are remembered; of more, those who went first are forgotten.</param>
/// <param name="time">The time.</param>
internal sealed class FormerUsers(StoreWriter writer, int most, TimeProvider time) : IStoreWork
{
    /// <summary>The table, since the sixth schema.</summary>
    public const string Definition = "CREATE TABLE former_user (aor TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;";

    /// <summary>The column that the eighth schema added: when the user went, in milliseconds since 1970.</summary>
    public const string Since = "ALTER TABLE former_user ADD COLUMN since INTEGER NOT NULL DEFAULT 0; CREATE INDEX former_user_since ON former_user (since);";

    private const int LargestBatch = 1000;
    private const int MostWaiting = 1_000_000;

    private readonly ConcurrentQueue<string> _gone = new();
    private readonly List<string> _writing = [];
    private int _isPosted;
    private long _count;
    private long _countBefore;

    /// <summary>Counts those that an earlier run left; before the writer starts.</summary>
    public void Load()
    {
        SqliteStatement select = writer.Store.Statement("SELECT count(*) FROM former_user");
        _count = select.Read() ? select.Integer(0) : 0;
        select.Reset();
    }

    /// <summary>Whether a user was there once. On the writer.</summary>
    public static bool Has(StoreConnection store, string aor)
    {
        SqliteStatement select = store.Statement("SELECT 1 FROM former_user WHERE aor = ?1").BindText(1, aor);
        bool found = select.Read();
        select.Reset();
        return found;
    }

    /// <summary>A user has no binding any more.</summary>
    public void Left(string aor)
    {
        if (_gone.Count < MostWaiting)
        {
            _gone.Enqueue(aor);
            Post();
        }
    }

    public void Write(StoreConnection store)
    {
        _countBefore = _count;
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        for (int i = 0; i < LargestBatch && _gone.TryDequeue(out string? aor); i++)
        {
            _writing.Add(aor);
            _count += Has(store, aor) ? 0 : 1;
            store.Statement("INSERT INTO former_user (aor, since) VALUES (?1, ?2) ON CONFLICT (aor) DO UPDATE SET since = ?2").BindText(1, aor).Bind(2, now).Run();
        }

        if (_count > most)
        {
            store.Statement("DELETE FROM former_user WHERE aor IN (SELECT aor FROM former_user ORDER BY since LIMIT ?1)").Bind(1, _count - most).Run();
            _count = most;
        }
    }

    public void Done(string? problem)
    {
        if (problem is not null)
        {
            _writing.ForEach(_gone.Enqueue);
            _count = _countBefore;
        }

        _writing.Clear();
        Volatile.Write(ref _isPosted, 0);

        // What failed comes again with the next one who leaves: a store that cannot be written is not asked as fast as it refuses.
        if (problem is null && !_gone.IsEmpty)
        {
            Post();
        }
    }

    private void Post()
    {
        if (Interlocked.Exchange(ref _isPosted, 1) == 0 && !writer.TryPost(this))
        {
            Volatile.Write(ref _isPosted, 0);
        }
    }
}
