// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;
using Isthmus.Sip;
using Isthmus.Tests.Server.Registrar;
using Microsoft.Data.Sqlite;

namespace Isthmus.Tests.Server.Location;

public sealed class SqliteLocationStoreTests
{
    private const string Alice = "sip:alice@example.com";

    [Fact]
    public void Load_AfterARestart_HasEveryFieldOfEveryBinding()
    {
        using var folder = new TemporaryFolder();
        string[] headers = ["Supported: path, ip-redirect", "Path: \"A, <b>\" <sip:p1.example;lr>, <sip:p2.example;lr>", "User-Agent: Ünit"];
        List<Binding> before;
        using (var bench = new RegistrarBench(store: new SqliteLocationStore(folder["isthmus.db"])))
        {
            bench.Send(IpVersion.V6, "six", 3, [$"\"A \\\" B\" <sip:alice@[2001:db8::7]:5070;ob>;q=0.3;expires=600;reg-id=1;+sip.instance=\"<{RegistrarBench.Instance}>\""], headers: headers);
            bench.Send(IpVersion.V4, "four", uint.MaxValue, ["<sip:alice@192.0.2.7>"]);
            bench.Send(IpVersion.V4, "gone", 1, ["<sip:alice@192.0.2.8>"]);
            bench.Send(IpVersion.V4, "gone", 2, ["<sip:alice@192.0.2.8>;expires=0"]);
            before = [.. bench.Location.BindingsOf(Alice)];
        }

        using var again = new RegistrarBench(store: new SqliteLocationStore(folder["isthmus.db"]));
        List<Binding> after = [.. again.Location.BindingsOf(Alice)];
        Assert.Equal(before.Select(Shown), after.Select(Shown));
        Assert.Equal(2, again.Location.BindingCount);
        again.Send(IpVersion.V4, "new", 1, ["<sip:alice@192.0.2.9>"]);
        Assert.Equal(3, again.Location.BindingsOf(Alice).DistinctBy(binding => binding.Id).Count());

        static string Shown(Binding binding) => string.Join(
            '|', binding.Id, binding.Aor, binding.Contact, binding.Version, binding.Q, binding.Expires, binding.Registered, binding.CallId, binding.CSeq,
            string.Join(',', binding.Path), binding.Instance, binding.RegId, binding.UserAgent, binding.AnnouncesRedirect, binding.Transport, binding.Source);
    }

    [Fact]
    public void Load_ExpiredMeanwhile_IsNotShown()
    {
        using var folder = new TemporaryFolder();
        using (var bench = new RegistrarBench(store: new SqliteLocationStore(folder["isthmus.db"])))
        {
            bench.Send(IpVersion.V4, "a", 1, ["<sip:alice@192.0.2.7>;expires=60"]);
        }

        using var again = new RegistrarBench(store: new SqliteLocationStore(folder["isthmus.db"]));
        again.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Empty(again.Bound());
    }

    [Fact]
    public void Load_AnotherKindOfFile_SaysSoInOneLine()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["isthmus.db"], new string('x', 10_000));

        Assert.Contains("is not a database that can be read", LoadError(folder["isthmus.db"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DamagedDatabase_SaysSoInOneLine()
    {
        using var folder = new TemporaryFolder();
        using (var bench = new RegistrarBench(store: new SqliteLocationStore(folder["isthmus.db"])))
        {
            for (int i = 0; i < 200; i++)
            {
                bench.Send(IpVersion.V4, $"c{i}", 1, ["<sip:alice@192.0.2.7>"], $"sip:user{i}@example.com");
            }
        }

        byte[] bytes = File.ReadAllBytes(folder["isthmus.db"]);
        bytes.AsSpan(4096 + 8, bytes.Length - 4096 - 8).Fill(0xA5);
        File.WriteAllBytes(folder["isthmus.db"], bytes);

        Assert.Contains("start with an empty store", LoadError(folder["isthmus.db"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NewerSchema_SaysSo()
    {
        using var folder = new TemporaryFolder();
        using (var connection = new SqliteConnection($"Data Source={folder["isthmus.db"]};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        Assert.Contains("newer Isthmus (schema 99", LoadError(folder["isthmus.db"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DROP TABLE secret; DROP TABLE journal; PRAGMA user_version = 1")]
    [InlineData("DROP TABLE journal; PRAGMA user_version = 2")]
    public void Load_StoreOfAnEarlierSchema_IsUpgraded(string back)
    {
        using var folder = new TemporaryFolder();
        using (var bench = new RegistrarBench(store: new SqliteLocationStore(folder["isthmus.db"])))
        {
            bench.Send(IpVersion.V4, "a", 1, ["<sip:alice@192.0.2.7>"]);
        }

        using (var connection = new SqliteConnection($"Data Source={folder["isthmus.db"]};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = back;
            command.ExecuteNonQuery();
        }

        using var store = new SqliteLocationStore(folder["isthmus.db"]);
        Assert.Single(store.Load(KeyedHash.Random()));
        Assert.Equal(32, store.Secret.Length);
    }

    [Fact]
    public void Load_Files_AreTheirOwnersOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
        using var folder = new TemporaryFolder();
        using var bench = new RegistrarBench(store: new SqliteLocationStore(folder["isthmus.db"]));
        bench.Send(IpVersion.V4, "a", 1, ["<sip:alice@192.0.2.7>"]);

        string[] files = Directory.GetFiles(Path.GetDirectoryName(folder["isthmus.db"])!);
        Assert.Contains(files, file => file.EndsWith("-wal", StringComparison.Ordinal));
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void Load_FolderThatCannotBe_SaysSo() => Assert.Contains("cannot be opened", LoadError("/proc/nothing/isthmus.db"), StringComparison.Ordinal);

    [Fact]
    public void Load_SecondServerOnOneFile_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var first = new SqliteLocationStore(folder["isthmus.db"]);
        first.Load(KeyedHash.Random());

        Assert.Contains("in use by another server", LoadError(folder["isthmus.db"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Commit_FileLockedByAnother_Is503AndThenWorksAgain()
    {
        using var folder = new TemporaryFolder();
        using var bench = new RegistrarBench(store: new SqliteLocationStore(folder["isthmus.db"]));
        using var other = new SqliteConnection($"Data Source={folder["isthmus.db"]};Pooling=False");
        other.Open();
        using (SqliteTransaction held = other.BeginTransaction())
        {
            Assert.Equal(503, bench.Send(IpVersion.V4, "a", 1, ["<sip:alice@192.0.2.7>"]).StatusCode);
            Assert.Empty(bench.Bound());
        }

        Assert.Equal(200, bench.Send(IpVersion.V4, "a", 1, ["<sip:alice@192.0.2.7>"]).StatusCode);
    }

    private static string LoadError(string path)
    {
        using var store = new SqliteLocationStore(path);
        string message = Assert.Throws<LocationStoreException>(() => store.Load(KeyedHash.Random())).Message;
        Assert.DoesNotContain('\n', message);
        Assert.Contains(path, message, StringComparison.Ordinal);
        return message;
    }
}
