// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Isthmus.Server.Storing;
using Isthmus.Tests.Server.Location;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Tests.Server.Storing;

public sealed class StoreWriterTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Done_AfterTheCommit_InTheOrderOfPosting(bool isFile)
    {
        using var folder = new TemporaryFolder();
        using StoreWriter writer = Open(folder, isFile);
        var done = new ConcurrentQueue<int>();
        Piece[] pieces = [.. Enumerable.Range(0, 3000).Select(number => new Piece(number) { Heard = _ => done.Enqueue(number) })];

        Assert.All(pieces, piece => Assert.True(writer.TryPost(piece)));
        await Task.WhenAll(pieces.Select(piece => piece.Problem)).WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 3000), done);
        Assert.Equal(3000, await CountIn(writer));
    }

    [Fact]
    public async Task Done_OfAFile_AnotherConnectionSeesWhatWasWritten()
    {
        using var folder = new TemporaryFolder();
        using StoreWriter writer = Open(folder, isFile: true);
        long seen = -1;
        var piece = new Piece(1) { Heard = _ => seen = CountBeside(folder) };

        writer.TryPost(piece);
        Assert.Null(await piece.Problem.WaitAsync(Limit, TestContext.Current.CancellationToken));

        Assert.Equal(1, seen);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_OfOnePieceFails_TheOthersAreWritten(bool isFile)
    {
        using var folder = new TemporaryFolder();
        using StoreWriter writer = Open(folder, isFile);
        using var gate = new Gate();
        writer.TryPost(new Piece(0) { Before = isFile ? gate.Wait : null }); // the others wait and are one batch
        Piece[] pieces =
        [
            new(1),
            new(1), // against the key of the table
            new(2) { After = static () => throw new StoreException("no") },
            new(3) { After = static () => throw new InvalidOperationException("a fault") },
            new(4),
        ];
        Array.ForEach(pieces, piece => writer.TryPost(piece));
        gate.Open();
        string?[] problems = await Task.WhenAll(pieces.Select(piece => piece.Problem)).WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal([false, true, true, true, false], problems.Select(problem => problem is not null));
        Assert.Equal("no", problems[2]);
        Assert.Equal(3, await CountIn(writer));
    }

    [Fact]
    public void TryPost_AsManyWaitAsMay_IsNotTaken()
    {
        using var folder = new TemporaryFolder();
        using var gate = new Gate();
        using StoreWriter writer = StoreWriter.Open(folder["isthmus.db"], NullLogger.Instance, mostPending: 2);
        MakeTable(writer);
        using var begun = new ManualResetEventSlim();
        writer.TryPost(new Piece(0) { Before = () => { begun.Set(); gate.Wait(); } });
        Assert.True(begun.Wait(Limit, TestContext.Current.CancellationToken));

        Assert.True(writer.TryPost(new Piece(1)));
        Assert.True(writer.TryPost(new Piece(2)));
        Assert.False(writer.TryPost(new Piece(3)));
        gate.Open();
    }

    [Fact]
    public void Dispose_WhileSomeWait_WritesThemFirst()
    {
        using var folder = new TemporaryFolder();
        StoreWriter writer = Open(folder, isFile: true);
        using var gate = new Gate();
        writer.TryPost(new Piece(0) { Before = gate.Wait });
        Piece[] pieces = [.. Enumerable.Range(1, 100).Select(number => new Piece(number))];
        Array.ForEach(pieces, piece => writer.TryPost(piece));
        gate.Open();
        writer.Dispose();

        Assert.All(pieces, piece => Assert.True(piece.Problem is { IsCompletedSuccessfully: true, Result: null }));
        Assert.Equal(101, CountBeside(folder));
        Assert.False(writer.TryPost(new Piece(200)));
    }

    [Fact]
    public void TryPost_InMemoryFromDone_IsDoneBeforeTheFirstReturns()
    {
        using StoreWriter writer = StoreWriter.Open(null, NullLogger.Instance);
        MakeTable(writer);
        var order = new List<int>();
        var second = new Piece(2) { Heard = _ => order.Add(2) };
        writer.TryPost(new Piece(1)
        {
            Heard = _ =>
            {
                writer.TryPost(second);
                order.Add(1);
            },
        });

        Assert.Equal([1, 2], order);
    }

    [Fact]
    public async Task TryPost_InMemoryFromManyThreads_DoesEachOnce()
    {
        using StoreWriter writer = StoreWriter.Open(null, NullLogger.Instance);
        MakeTable(writer);
        Piece[] pieces = [.. Enumerable.Range(0, 4000).Select(number => new Piece(number))];
        Parallel.ForEach(pieces, piece => Assert.True(writer.TryPost(piece)));
        await Task.WhenAll(pieces.Select(piece => piece.Problem)).WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(4000, await CountIn(writer));
    }

    [Fact]
    public void Open_AFileThatIsNoDatabase_SaysSo()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["isthmus.db"], new string('x', 5000));

        StoreException problem = Assert.Throws<StoreException>(() => StoreWriter.Open(folder["isthmus.db"], NullLogger.Instance));
        Assert.Contains("not a database", problem.Message, StringComparison.Ordinal);
    }

    private static StoreWriter Open(TemporaryFolder folder, bool isFile)
    {
        StoreWriter writer = StoreWriter.Open(isFile ? folder["isthmus.db"] : null, NullLogger.Instance);
        MakeTable(writer);
        return writer;
    }

    private static void MakeTable(StoreWriter writer)
    {
        writer.Store.Statement("CREATE TABLE piece (number INTEGER PRIMARY KEY) STRICT").Run();
        writer.Start();
    }

    private static async Task<long> CountIn(StoreWriter writer)
    {
        long count = 0;
        var read = new Reading(store =>
        {
            SqliteStatement select = store.Statement("SELECT count(*) FROM piece");
            select.Read();
            count = select.Integer(0);
        });
        writer.TryPost(read);
        Assert.Null(await read.Problem.WaitAsync(Limit, TestContext.Current.CancellationToken));
        return count;
    }

    private static long CountBeside(TemporaryFolder folder)
    {
        using var connection = new SqliteConnection($"Data Source={folder["isthmus.db"]};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM piece";
        return (long)command.ExecuteScalar()!;
    }

    private sealed class Piece(int number) : IStoreWork
    {
        private readonly TaskCompletionSource<string?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Action? Before { get; init; }

        public Action? After { get; init; }

        public Action<string?>? Heard { get; init; }

        public Task<string?> Problem => _done.Task;

        public void Write(StoreConnection store)
        {
            Before?.Invoke();
            store.Statement("INSERT INTO piece (number) VALUES (?1)").Bind(1, number).Run();
            After?.Invoke();
        }

        public void Done(string? problem)
        {
            Heard?.Invoke(problem);
            Assert.True(_done.TrySetResult(problem));
        }
    }

    private sealed class Reading(Action<StoreConnection> read) : IStoreWork
    {
        private readonly TaskCompletionSource<string?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string?> Problem => _done.Task;

        public void Write(StoreConnection store) => read(store);

        public void Done(string? problem) => _done.SetResult(problem);
    }

    private sealed class Gate : IDisposable
    {
        private readonly ManualResetEventSlim _event = new();

        public void Wait() => Assert.True(_event.Wait(Limit));

        public void Open() => _event.Set();

        public void Dispose() => _event.Dispose();
    }
}
