// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using Isthmus.Server;
using Isthmus.Server.Location;
using Isthmus.Sip;
using Isthmus.Tests.Server.Hosting;

namespace Isthmus.Tests.Server.Location;

/// <summary>A server in a process of its own is killed with SIGKILL amid registrations; every binding that it answered 200 for must be there again.</summary>
public sealed class KillTests
{
    private const string FolderVariable = "ISTHMUS_TEST_KILL_FOLDER";
    private const string FoldingVariable = "ISTHMUS_TEST_KILL_FOLDING";
    private const int Rounds = 3;
    private const int Window = 32;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kill9_AmidRegistrations_LosesNoAcknowledgedBinding(bool amidFolding)
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { } childFolder)
        {
            await ServeUntilKilled(childFolder, Environment.GetEnvironmentVariable(FoldingVariable) == $"{true}");
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
        using var late = new CancellationTokenSource(Limit);
        File.Delete(folder["port"]);
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "--filter-method", $"{typeof(KillTests).FullName}.{nameof(Kill9_AmidRegistrations_LosesNoAcknowledgedBinding)}", "--progress", "off" },
            Environment = { [FolderVariable] = folder.Path, [FoldingVariable] = $"{amidFolding}" },
            RedirectStandardOutput = true,
        };
        using Process child = Process.Start(start)!;
        child.OutputDataReceived += static (_, _) => { };
        child.BeginOutputReadLine();
        try
        {
            int port = await PortOf(folder, child, late.Token);
            using var client = new RegisteringClient(new IPEndPoint(IPAddress.Loopback, port));
            for (int i = 0; i < Window; i++)
            {
                await client.SendAsync($"u{round}-{i}");
            }

            // The window stays full: the kill falls into the middle of commits.
            for (int i = 0; i < 100 * round; i++)
            {
                SipResponse answer = await client.ReceiveAsync(late.Token);
                Assert.Equal(200, answer.StatusCode);
                acknowledged.Add(answer.To.SipUri!.User!);
                await client.SendAsync($"u{round}-{i + Window}");
            }
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync(late.Token);
        }

        Assert.Equal(137, child.ExitCode); // SIGKILL, and not an end of its own
    }

    private static async Task<int> PortOf(TemporaryFolder folder, Process child, CancellationToken late)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(folder["port"]))
        {
            Assert.False(child.HasExited, "the server ended by itself");
            await tick.WaitForNextTickAsync(late);
        }

        return int.Parse(File.ReadAllText(folder["port"]), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task ServeUntilKilled(string folder, bool isFolding)
    {
        ServerOptions options = IsthmusServerTests.Loopback(store: Path.Combine(folder, "isthmus.db"));
        JournalBounds always = new() { Small = 1, OfBinding = 0, Rows = 4 };
        ServerStart start = await IsthmusServer.StartAsync(isFolding ? options with { Store = options.Store with { Journal = always } } : options);
        Assert.NotNull(start.Server);
        await File.WriteAllTextAsync(Path.Combine(folder, "port.new"), $"{IsthmusServerTests.UdpOf(start.Server, "127.0.0.1").Port}");
        File.Move(Path.Combine(folder, "port.new"), Path.Combine(folder, "port"));
        using var limit = new CancellationTokenSource(Limit);
        await Task.Run(() => limit.Token.WaitHandle.WaitOne());
    }
}
