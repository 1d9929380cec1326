// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Isthmus.Server.Location;
using Isthmus.Server.Storing;
using Isthmus.Sip;
using Isthmus.Tests.Server.Registrar;

namespace Isthmus.Tests.Server.Location;

/// <summary>The journal's files: what is torn at the end nobody was told of; what is damaged before it ends the start.</summary>
public sealed class JournalTests
{
    private const long Noon = 1_795_000_000_000;
    private const int FirstRecord = 4096;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Load_AfterTheLossOfPowerAmidAWrite_HasAllOrNothingOfIt(int seed)
    {
        using var folder = new TemporaryFolder();
        var bounds = new JournalBounds { Small = 20_000, OfBinding = 0, Rows = 3 };
        var random = new Random(seed);
        var disk = new FaultyDisk(seed) { LosesPower = true };
        for (int round = 0; round < 5; round++)
        {
            using var store = new SqliteLocationStore(folder["isthmus.db"], bounds, disk.Open);
            disk.GoodWrites = int.MaxValue;
            var model = new StoreModel(store, seed + round, Noon, mostChanges: 200);
            disk.GoodWrites = random.Next(30);
            string[] before = [], after = [];
            try
            {
                while (true)
                {
                    before = [.. model.Expected];
                    model.Change();
                    after = [.. model.Expected];
                    model.Store();
                    while (random.Next(3) > 0 && store.Tidy(Leisure.None))
                    {
                    }
                }
            }
            catch (StoreException)
            {
                // The power is gone.
            }

            store.Dispose();
            using var again = new SqliteLocationStore(folder["isthmus.db"], bounds);
            string[] found = [.. StoreModel.Shown(again.Load(KeyedHash.Random()))];
            Assert.Contains(found, (string[][])[before, after]);
        }
    }

    [Fact]
    public void Commit_NoRoomOnTheDisk_Is503ChangesNothingAndGoesOnLater()
    {
        using var folder = new TemporaryFolder();
        var disk = new FaultyDisk(1);
        using (var bench = new RegistrarBench(store: new SqliteLocationStore(folder["isthmus.db"], open: disk.Open)))
        {
            Assert.Equal(200, bench.Send(IpVersion.V4, "a", 1, ["<sip:alice@192.0.2.7>"]).StatusCode);
            disk.GoodWrites = 0;
            SipResponse refused = bench.Send(IpVersion.V4, "b", 1, ["<sip:alice@192.0.2.8>"]);
            Assert.Equal((503, "30"), (refused.StatusCode, refused.Text(HeaderName.RetryAfter)));
            Assert.Equal(["sip:alice@192.0.2.7"], bench.Bound());
            Assert.Equal(["sip:alice@192.0.2.7"], Stored(folder));

            disk.GoodWrites = int.MaxValue;
            Assert.Equal(200, bench.Send(IpVersion.V4, "b", 2, ["<sip:alice@192.0.2.8>"]).StatusCode);
            Assert.Equal(["sip:alice@192.0.2.7", "sip:alice@192.0.2.8"], Stored(folder));
        }
    }

    [Fact]
    public void Append_AfterFolding_UsesTheRoomAgain()
    {
        using var folder = new TemporaryFolder();
        using var store = new SqliteLocationStore(folder["isthmus.db"], new JournalBounds { Small = 100_000, OfBinding = 0 });
        var model = new StoreModel(store, 1, Noon, mostChanges: 100);
        for (int i = 0; i < 500; i++)
        {
            model.Commit();
            while (store.Tidy(Leisure.None))
            {
            }
        }

        // One piece of room each is enough for all that there is at a time, and some 2 MB went through.
        Assert.All(Journal.FilesOf(folder["isthmus.db"]), file => Assert.Equal(256 << 10, new FileInfo(file).Length));
    }

    [Fact]
    public void Load_TornEnd_IsWrittenOver()
    {
        using var folder = new TemporaryFolder();
        string[][] expected = Commit(folder, 3);
        Damage(folder, record: 3, at: 40);
        using (var store = new SqliteLocationStore(folder["isthmus.db"]))
        {
            Assert.Equal(expected[1], StoreModel.Shown(store.Load(KeyedHash.Random())));
        }

        string[][] more = Commit(folder, 1);
        using var again = new SqliteLocationStore(folder["isthmus.db"]);
        Assert.Equal(more[0], StoreModel.Shown(again.Load(KeyedHash.Random())));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 5)]
    [InlineData(2, 9)]
    [InlineData(2, 17)]
    [InlineData(2, 40)]
    public void Load_DamageBeforeTheEnd_SaysSoInOneLineAndLeavesAllAsItIs(int record, int at)
    {
        using var folder = new TemporaryFolder();
        Commit(folder, 4);
        Damage(folder, record, at);
        Assert.Contains($"the journal of {folder["isthmus.db"]} is damaged (record {record});", LoadError(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RecordsBetweenTheFilesAreGone_SaysSo()
    {
        using var folder = new TemporaryFolder();
        using (var store = new SqliteLocationStore(folder["isthmus.db"], new JournalBounds { Small = 1, OfBinding = 0, Rows = 1 }))
        {
            var model = new StoreModel(store, 1, Noon, mostChanges: 20);
            model.Commit();
            model.Commit();
            Assert.True(store.Tidy(Leisure.None)); // the other file is written from now on
            model.Commit();
        }

        Damage(folder, record: 2, at: 30);
        Assert.Contains("(record 2)", LoadError(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileMissing_SaysSo()
    {
        using var folder = new TemporaryFolder();
        Commit(folder, 2);
        File.Delete(folder["isthmus.db.journal2"]);
        Assert.Contains("isthmus.db.journal2 is missing", LoadError(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_JournalOfAnotherStore_SaysSo()
    {
        using TemporaryFolder folder = new(), other = new();
        Commit(folder, 2);
        Commit(other, 2);
        File.Copy(other["isthmus.db.journal1"], folder["isthmus.db.journal1"], overwrite: true);
        Assert.Contains("isthmus.db.journal1 is damaged or belongs to another store", LoadError(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OnlyTheDatabaseOfACleanEnd_HasEverything()
    {
        using TemporaryFolder folder = new(), copy = new();
        string[][] expected = Commit(folder, 5, cleanly: true);
        File.Copy(folder["isthmus.db"], copy["isthmus.db"]);
        using var store = new SqliteLocationStore(copy["isthmus.db"]);
        Assert.Equal(expected[^1], StoreModel.Shown(store.Load(KeyedHash.Random())));
    }

    // What is there after each commit.
    private static string[][] Commit(TemporaryFolder folder, int count, bool cleanly = false)
    {
        using var store = new SqliteLocationStore(folder["isthmus.db"]);
        var model = new StoreModel(store, count, Noon);
        var expected = new List<string[]>();
        for (int i = 0; i < count; i++)
        {
            model.Commit();
            expected.Add([.. model.Expected]);
        }

        while (cleanly && store.Tidy(Leisure.Long))
        {
        }

        return [.. expected];
    }

    // One octet of a record, from its beginning.
    private static void Damage(TemporaryFolder folder, int record, int at)
    {
        foreach (string file in Journal.FilesOf(folder["isthmus.db"]))
        {
            byte[] octets = File.ReadAllBytes(file);
            for (int start = FirstRecord; BinaryPrimitives.ReadInt64LittleEndian(octets.AsSpan(start + 8)) is var number && number != 0;)
            {
                if (number == record)
                {
                    octets[start + at] ^= 0x10;
                    File.WriteAllBytes(file, octets);
                    return;
                }

                start += (JournalRecord.HeaderLength + BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(start + 16)) + 7) & -8;
            }
        }

        Assert.Fail($"there is no record {record}");
    }

    private static IEnumerable<string> Stored(TemporaryFolder folder)
    {
        using var copy = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(folder.Path).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.Copy(file, copy[Path.GetFileName(file)]);
        }

        using var store = new SqliteLocationStore(copy["isthmus.db"]);
        return [.. store.Load(KeyedHash.Random()).SelectMany(aor => aor.Bindings).Select(binding => binding.Contact.Uri.ToString())];
    }

    private static string LoadError(TemporaryFolder folder)
    {
        byte[][] before = [.. Journal.FilesOf(folder["isthmus.db"]).Where(File.Exists).Select(File.ReadAllBytes)];
        using var store = new SqliteLocationStore(folder["isthmus.db"]);
        string message = Assert.Throws<StoreException>(() => store.Load(KeyedHash.Random())).Message;
        Assert.False(store.Tidy(Leisure.Long)); // as a server does that ends, since it cannot start: nothing may be lost by it
        store.Dispose();
        Assert.Equal(before, Journal.FilesOf(folder["isthmus.db"]).Where(File.Exists).Select(File.ReadAllBytes));
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
