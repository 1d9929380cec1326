// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Text;
using Isthmus.Server.Location;
using Isthmus.Server.Storing;
using Isthmus.Sip;
using Isthmus.Tests.Server.Registrar;
using Microsoft.Data.Sqlite;

namespace Isthmus.Tests.Server.Location;

public sealed class SqliteLocationStoreTests
{
    // What schemas after the fourth added.
    private const string LaterTables = "DROP TABLE message; DROP TABLE former_user; DROP TABLE subscription; DROP TABLE publication; ";

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
        Execute(folder, "PRAGMA user_version = 99");

        Assert.Contains("newer Isthmus (schema 99", LoadError(folder["isthmus.db"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DROP TABLE secret; DROP TABLE journal; PRAGMA user_version = 1")]
    [InlineData("DROP TABLE journal; PRAGMA user_version = 2")]
    [InlineData("DROP TABLE journal; CREATE TABLE journal (number INTEGER PRIMARY KEY, changes BLOB NOT NULL) STRICT; PRAGMA user_version = 3")]
    public void Load_StoreOfAnEarlierSchema_IsUpgraded(string back)
    {
        using var folder = new TemporaryFolder();
        using (var bench = new RegistrarBench(store: new SqliteLocationStore(folder["isthmus.db"])))
        {
            bench.Send(IpVersion.V4, "a", 1, ["<sip:alice@192.0.2.7>"]);
        }

        Execute(folder, LaterTables + back);
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

    [Theory]
    [InlineData(0, null)]
    [InlineData(7, "journal that is damaged (record 2); move the file away to start with an empty store")]
    public void Load_StoreWhoseJournalIsATable_HasWhatItSays(int damaged, string? problem)
    {
        using var folder = new TemporaryFolder();
        Execute(folder, $"{BindingTable.Definition} CREATE TABLE secret (id INTEGER PRIMARY KEY CHECK (id = 1), value BLOB NOT NULL) STRICT; {TableJournal.Definition} PRAGMA user_version = 3");
        var alice = new AddressOfRecord(Encoding.UTF8.GetBytes(Alice), 0);
        Binding[] bindings = [.. Enumerable.Range(1, 3).Select(number => Make(alice, number))];
        for (int i = 0; i < bindings.Length; i++)
        {
            var octets = new OctetWriter();
            octets.Number((byte)1); // the format
            JournalChanges.Write(octets, [new(null, bindings[i])], 0);
            uint checksum = JournalRecord.Checksum(octets.Written) ^ (i == 1 ? (uint)damaged : 0);
            Execute(folder, $"INSERT INTO journal (number, changes) VALUES ({i + 1}, x'{BinaryPrimitives.ReverseEndianness(checksum):x8}{Convert.ToHexString(octets.Written)}')");
        }

        if (problem is not null)
        {
            Assert.Contains(problem, LoadError(folder["isthmus.db"]), StringComparison.Ordinal);
            return;
        }

        for (int i = 0; i < 2; i++)
        {
            using var store = new SqliteLocationStore(folder["isthmus.db"]);
            Assert.Equal(["1", "2", "3"], store.Load(KeyedHash.Random()).Single().Bindings.Select(binding => $"{binding.Id}"));
        }
    }

    [Fact]
    public void Commit_DatabaseLockedByAnother_IsCommittedAndFoldedLater()
    {
        using var folder = new TemporaryFolder();
        using (var bench = new RegistrarBench(store: new SqliteLocationStore(folder["isthmus.db"])))
        {
            using var other = new SqliteConnection($"Data Source={folder["isthmus.db"]};Pooling=False");
            other.Open();
            using SqliteTransaction held = other.BeginTransaction();
            Assert.Equal(200, bench.Send(IpVersion.V4, "a", 1, ["<sip:alice@192.0.2.7>"]).StatusCode);
        }

        using var again = new RegistrarBench(store: new SqliteLocationStore(folder["isthmus.db"]));
        Assert.Single(again.Bound());
    }

    private static Binding Make(AddressOfRecord owner, int id)
    {
        Binding binding = Binding.TryMake(new BindingDraft
        {
            Id = id,
            Contact = Encoding.UTF8.GetBytes($"<sip:alice@192.0.2.{id}>"),
            Version = IpVersion.V4,
            Expires = 2_000_000_000_000,
            Registered = 0,
            CallId = "a"u8,
            CSeq = 1,
            Transport = SipTransport.Udp,
            Source = new IPEndPoint(IPAddress.Loopback, 5060),
        })!;
        binding.BelongTo(owner);
        return binding;
    }

    private static void Execute(TemporaryFolder folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder["isthmus.db"]};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string LoadError(string path)
    {
        using var store = new SqliteLocationStore(path);
        string message = Assert.Throws<StoreException>(() => store.Load(KeyedHash.Random())).Message;
        Assert.DoesNotContain('\n', message);
        Assert.Contains(path, message, StringComparison.Ordinal);
        return message;
    }
}
