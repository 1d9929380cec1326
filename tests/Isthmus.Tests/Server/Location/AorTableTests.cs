// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Server.Location;
using Isthmus.Sip;

namespace Isthmus.Tests.Server.Location;

public sealed class AorTableTests
{
    [Fact]
    public void Reserve_ForSome_KeepsWhatIsThereAndFindsWhatComes()
    {
        var hash = KeyedHash.Random();
        var table = new AorTable(hash);
        for (int i = 0; i < 1000; i++)
        {
            if (i == 10)
            {
                table.Reserve(900);
                table.Reserve(1);
            }

            byte[] key = System.Text.Encoding.ASCII.GetBytes($"sip:u{i}@example.com");
            table.Add(new AddressOfRecord(key, table.HashOf(key)));
        }

        Assert.Equal(1000, table.All.Count());
        Assert.All(table.All, aor => Assert.Same(aor, table.Find(aor.Key)));
    }

    [Fact]
    public void AddRemove_ManyTimes_FindsWhatIsThere()
    {
        var random = new Random(1);
        var table = new AorTable(KeyedHash.Random());
        var there = new Dictionary<int, AddressOfRecord>();
        for (int i = 0; i < 20_000; i++)
        {
            int number = random.Next(2000);
            if (there.Remove(number, out AddressOfRecord? old))
            {
                table.Remove(old);
            }
            else
            {
                table.Add(there[number] = Make(table, number));
            }

            int asked = random.Next(2000);
            Assert.Same(there.GetValueOrDefault(asked), table.Find(Key(asked)));
        }

        Assert.Equal(there.Count, table.Count);
        Assert.Equal(there.Values.ToHashSet(), table.All.ToHashSet());
    }

    [Fact]
    public async Task Find_WhileOthersComeAndGo_NeverMissesOneThatStays()
    {
        var table = new AorTable(KeyedHash.Random());
        AddressOfRecord[] staying = [.. Enumerable.Range(0, 500).Select(number => Make(table, number))];
        foreach (AddressOfRecord aor in staying)
        {
            table.Add(aor);
        }

        using var stop = new CancellationTokenSource();
        Task<int> reader = Task.Run(() =>
        {
            int missed = 0;
            while (!stop.IsCancellationRequested)
            {
                for (int i = 0; i < staying.Length; i++)
                {
                    missed += table.Find(Key(i)) == staying[i] ? 0 : 1;
                }
            }

            return missed;
        });
        for (int i = 0; i < 200_000; i++)
        {
            AddressOfRecord aor = Make(table, 1000 + (i % 5000));
            table.Add(aor);
            table.Remove(aor);
        }

        await stop.CancelAsync();
        Assert.Equal(0, await reader);
    }

    private static AddressOfRecord Make(AorTable table, int number) => new(Key(number), table.HashOf(Key(number)));

    private static byte[] Key(int number) => Encoding.UTF8.GetBytes($"sip:user{number}@example.com");
}
