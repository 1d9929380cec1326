// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.Server.Location;
using Isthmus.Server.Storing;
using Isthmus.Sip;
using Isthmus.Tests.Server.Registrar;
using Microsoft.Data.Sqlite;

namespace Isthmus.Tests.Server.Location;

/// <summary>The journal and its folding: wherever the process ends, what was committed is there, once and as it was last.</summary>
public sealed class FoldTests
{
    private const long Noon = 1_795_000_000_000;
    private static readonly JournalBounds Tiny = new() { Small = 600, OfBinding = 0, Rows = 2 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Load_AfterAnEndAtAnyStep_HasWhatWasCommitted(int seed)
    {
        using var folder = new TemporaryFolder();
        using var store = new SqliteLocationStore(folder["isthmus.db"], Tiny);
        var model = new StoreModel(store, seed, Noon);
        int folds = 0, losses = 0;
        for (int i = 0; i < 60; i++)
        {
            model.Commit();
            Look();
            for (bool more = true; more && model.Chance(0.7);)
            {
                more = store.Tidy(model.Chance(0.1) ? Leisure.Long : Leisure.None);
                folds += more ? 1 : 0;
                Look();
            }
        }

        Assert.True(folds > 50, $"only {folds} pieces of folding");
        Assert.Equal(0, losses);

        // The files as they are at this moment: what an end of the process, or of the power, would leave.
        void Look()
        {
            using var copy = new TemporaryFolder();
            foreach (string file in Directory.GetFiles(folder.Path).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal)))
            {
                File.Copy(file, copy[Path.GetFileName(file)]);
            }

            using var again = new SqliteLocationStore(copy["isthmus.db"], Tiny);
            losses += model.Expected.SequenceEqual(StoreModel.Shown(again.Load(KeyedHash.Random()))) ? 0 : 1;
        }
    }

    [Fact]
    public void Dispose_Clean_LeavesATableThatAnyToolReads()
    {
        using var folder = new TemporaryFolder();
        using (var bench = new RegistrarBench(store: new SqliteLocationStore(folder["isthmus.db"])))
        {
            bench.Send(IpVersion.V4, "a", 1, ["<sip:alice@192.0.2.7>;q=0.5;expires=600"], headers: ["User-Agent: Unit"]);
            bench.Send(IpVersion.V4, "a", 2, ["<sip:alice@192.0.2.7>;q=0.5;expires=600"], headers: ["User-Agent: Unit"]);
            bench.Send(IpVersion.V4, "b", 1, ["<sip:bob@192.0.2.8>"], "sip:bob@example.com");
            bench.Send(IpVersion.V4, "b", 2, ["<sip:bob@192.0.2.8>;expires=0"], "sip:bob@example.com");
        }

        Assert.Equal("sip:alice@example.com|<sip:alice@192.0.2.7>;q=0.5;expires=600|0.5|2|Unit", Scalar(folder, "SELECT group_concat(aor || '|' || contact || '|' || q || '|' || cseq || '|' || user_agent) FROM binding"));
        Assert.Equal(0L, Scalar(folder, "SELECT used FROM journal"));
        Assert.Equal(["isthmus.db", "isthmus.db.lock"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Tidy_RowsCannotBeWritten_LosesNothingAndGoesOnLater()
    {
        using var folder = new TemporaryFolder();
        using var store = new SqliteLocationStore(folder["isthmus.db"], Tiny);
        var model = new StoreModel(store, 1, Noon);
        for (int i = 0; i < 5; i++)
        {
            model.Commit();
        }

        Execute(folder, "CREATE TRIGGER full BEFORE INSERT ON binding BEGIN SELECT RAISE(ABORT, 'no room'); END");
        Assert.Throws<StoreException>(() => store.Tidy(Leisure.Long));
        model.Commit();
        Execute(folder, "DROP TRIGGER full");
        while (store.Tidy(Leisure.Long))
        {
        }

        store.Dispose();
        Assert.Equal(0L, Scalar(folder, "SELECT used FROM journal"));
        using var again = new SqliteLocationStore(folder["isthmus.db"]);
        Assert.Equal(model.Expected, StoreModel.Shown(again.Load(KeyedHash.Random())));
    }

    [Theory]
    [InlineData(7 << 20, 1, false)]
    [InlineData(9 << 20, 1, true)]
    [InlineData(9 << 20, 100_000, false)]
    [InlineData(26 << 20, 100_000, true)]
    [InlineData(300 << 20, 10_000_000, true)]
    [InlineData(100, 512, true, Leisure.Moment)]
    [InlineData(100, 513, false, Leisure.Moment)]
    [InlineData(100, 100_000, true, Leisure.Long)]
    internal void IsReached_ByLengthAndBindings_IsBounded(long length, int bindings, bool expected, Leisure leisure = Leisure.None) =>
        Assert.Equal(expected, new JournalBounds().IsReached(length, bindings, leisure));

    private static object? Scalar(TemporaryFolder folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder["isthmus.db"]};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static void Execute(TemporaryFolder folder, string sql) => Scalar(folder, sql);
}
