// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Hostile;

/// <summary>A disk that is full: registrations are refused and nothing is promised, all else goes on, and so do registrations when there is room again.</summary>
public sealed class StoreTests
{
    [Fact]
    public async Task DiskFull_RegistersAreAnswered503AndCallsGoOn_UntilThereIsRoomAgain()
    {
        Assert.SkipUnless(Environment.UserName == "root", "mounting a small file system needs root");
        await using var server = await IsthmusServer.StartAsync(new IsthmusServerOptions { StoreMegabytes = 1 });
        using var bob = SipProbe.Udp(server.EndPoint(IpVersion.V6));
        using var alice = SipProbe.Udp(server.EndPoint(IpVersion.V4));
        Assert.Equal(200, (await bob.AskAsync(bob.Register("bob"))).Status);

        var filler = Path.Combine(server.StoreFolder, "filler");
        Fill(filler);
        var acknowledged = new List<string> { "bob" };
        var said = server.Output.Position;
        Testing.RawMessage answer;
        var number = 0;
        while ((answer = await alice.AskAsync(alice.Register($"u{++number}"))).Status == 200)
        {
            // The log of the database may have room for a few.
            acknowledged.Add($"u{number}");
            Assert.True(number < 5000, "a full disk takes everything");
        }

        Assert.Equal((503, "30"), (answer.Status, answer["Retry-After"]));
        Assert.NotNull(await server.Output.FindAsync(new("cannot be written: the disk is full"), said, Eventually.Patience));
        Assert.Equal(503, (await bob.AskAsync(bob.Register("bob", expires: 0))).Status);
        Assert.Equal(200, (await alice.AskAsync(alice.Request("OPTIONS", "sip:example.com"))).Status);
        using var carol = SipProbe.Udp(server.EndPoint(IpVersion.V4));
        await carol.SendAsync(carol.Request("INVITE", "sip:bob@example.com", $"Contact: <sip:carol@{carol.Local}>\r\n"));
        await bob.RespondAsync(await bob.ExpectAsync("INVITE"), 486, "Busy Here");
        Assert.Equal(486, (await carol.ExpectAsync()).Status);
        Assert.Equal(acknowledged.Order(), await BoundAsync(server));

        File.Delete(filler);
        Assert.Equal(200, (await alice.AskAsync(alice.Register("late"))).Status);
        Assert.Equal(acknowledged.Append("late").Order(), await BoundAsync(server));
    }

    [Fact]
    public async Task Store_ThatCannotBeOpened_IsOneLine()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("store"));
        await using var isthmus = ChildProgram.Start(
            IsthmusServer.Program, ["serve"], folder.Path, environment: new Dictionary<string, string>
            {
                ["ISTHMUS__Store__Path"] = "/proc/isthmus/bindings.db",
                ["ISTHMUS__Control__Socket"] = "none",
                ["ISTHMUS__Listeners__0__Transport"] = "udp",
                ["ISTHMUS__Listeners__0__Address"] = "127.0.0.1",
                ["ISTHMUS__Listeners__0__Port"] = "0",
            });
        Assert.Equal(1, await isthmus.ExitAsync());
        Assert.Contains("/proc/isthmus/bindings.db cannot be opened", Assert.Single(isthmus.Output.Text.Split('\n')), StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string>> BoundAsync(IsthmusServer server) =>
        JsonDocument.Parse(await server.ShowAsync("bindings", json: true)).RootElement.GetProperty("bindings").EnumerateArray()
            .Select(binding => binding.GetProperty("aor").GetString()!.Split(':', '@')[1]).Order();

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in (int[])[1 << 16, 4096, 1])
        {
            try
            {
                while (true)
                {
                    file.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // No room for a piece of this size.
            }
        }
    }
}
