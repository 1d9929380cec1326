// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server;
using Isthmus.Server.Location;
using Isthmus.Sip;
using Isthmus.Tests.Server.Hosting;

namespace Isthmus.Tests.Server.Location;

/// <summary>A server in a process of its own is killed with SIGKILL amid registrations; every binding that it answered 200 for must be there again.</summary>
public sealed class KillTests
{
    private const int Rounds = 3;
    private const int Window = 32;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kill9_AmidRegistrations_LosesNoAcknowledgedBinding(bool amidFolding)
    {
        if (ChildServer.Task is { } task)
        {
            await ServeUntilKilled(task.Folder, task.Argument == $"{true}");
            return;
        }

        using var folder = new TemporaryFolder();
        var acknowledged = new List<string>();
        for (int round = 1; round <= Rounds; round++)
        {
            await KillAmidRegistrations(folder, round, acknowledged, amidFolding);

            using var store = new SqliteLocationStore(folder["isthmus.db"]);
            var bound = store.Load(KeyedHash.Random()).SelectMany(aor => aor.Bindings).Select(binding => binding.Uri.User).ToHashSet();
            Assert.DoesNotContain(acknowledged, user => !bound.Contains(user));
        }

        Assert.True(acknowledged.Count >= Rounds * 100);
    }

    private static async Task KillAmidRegistrations(TemporaryFolder folder, int round, List<string> acknowledged, bool amidFolding)
    {
        using var patience = new Patience();
        using var child = new ChildServer($"{typeof(KillTests).FullName}.{nameof(Kill9_AmidRegistrations_LosesNoAcknowledgedBinding)}", folder, $"{amidFolding}");
        using var client = new RegisteringClient(await child.ServesAtAsync(patience));
        for (int i = 0; i < Window; i++)
        {
            await client.SendAsync($"u{round}-{i}");
        }

        // The window stays full: the kill falls into the middle of commits.
        for (int i = 0; i < 100 * round; i++)
        {
            SipResponse answer = await client.ReceiveAsync(patience.Token);
            patience.Renew();
            Assert.Equal(200, answer.StatusCode);
            acknowledged.Add(answer.To.SipUri!.User!);
            await client.SendAsync($"u{round}-{i + Window}");
        }

        await child.KillAsync(patience);
    }

    private static async Task ServeUntilKilled(string folder, bool isFolding)
    {
        ServerOptions options = IsthmusServerTests.Loopback(store: Path.Combine(folder, "isthmus.db"));
        JournalBounds always = new() { Small = 1, OfBinding = 0, Rows = 4 };
        await ChildServer.ServeAsync(folder, await IsthmusServer.StartAsync(isFolding ? options with { Store = options.Store with { Journal = always } } : options));
    }
}
