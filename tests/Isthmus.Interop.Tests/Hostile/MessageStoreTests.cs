// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Hostile;

/// <summary>Messages for users who are not there: over a kill -9 of the server, and on a disk that is full.</summary>
public sealed class MessageStoreTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kill9_WhileMessagesWait_TheyAreShownAndDeliveredInOrderAfterIt(bool tcp)
    {
        await using var server = await IsthmusServer.StartAsync();
        using var alice = await SipProbe.ToAsync(server.EndPoint(IpVersion.V4), tcp: false);
        using (var bob = SipProbe.Udp(server.EndPoint(IpVersion.V6)))
        {
            Assert.Equal(200, (await bob.AskAsync(bob.Register("bob", cseq: 1))).Status);
            Assert.Equal(200, (await bob.AskAsync(bob.Register("bob", expires: 0, cseq: 2))).Status);
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(202, (await alice.AskAsync(Message(alice, $"number {i}"))).Status);
        }

        await server.KillAsync();
        await server.StartAgainAsync();
        Assert.Equal([0, 0, 0], (await WaitingAsync(server)).Select(message => message.GetProperty("attempts").GetInt32()));
        var table = await server.ShowAsync("messages");
        Assert.Matches(@"sip:bob@example\.com +sip:probe@example\.com \(a stranger\) +text/plain +\d+ +00:00:\d\d +6\.23:59:\d\d +waits for a device", table);
        Assert.DoesNotContain("number", table, StringComparison.Ordinal);
        Assert.Equal(404, (await alice.AskAsync(alice.Request("MESSAGE", "sip:nobody@example.com"))).Status);

        using var back = await SipProbe.ToAsync(server.EndPoint(IpVersion.V6), tcp);
        await back.SendAsync(back.Register("bob"));
        for (int i = 0; i < 3; i++)
        {
            var message = await back.ExpectAsync("MESSAGE");
            Assert.Equal($"number {i}", message.Body);
            await back.RespondAsync(message, 200, "OK");
        }

        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (int i = 0; (await WaitingAsync(server)).Any(); i++)
        {
            Assert.True(i < 200, "messages that were delivered still wait");
            await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        await server.KillAsync();
        await server.StartAgainAsync();
        Assert.Empty(await WaitingAsync(server));
    }

    [Fact]
    public async Task DiskFull_MessagesAreAnswered500AndThoseForWhoIsThereGoOn_UntilThereIsRoomAgain()
    {
        Assert.SkipUnless(Environment.UserName == "root", "mounting a small file system needs root");
        await using var server = await IsthmusServer.StartAsync(new IsthmusServerOptions { StoreMegabytes = 2, Further = "[messages]\nmax-per-user = 100000\nmax-bytes-per-user = 100000000" });
        using var bob = SipProbe.Udp(server.EndPoint(IpVersion.V6));
        using var carol = SipProbe.Udp(server.EndPoint(IpVersion.V6));
        using var alice = SipProbe.Udp(server.EndPoint(IpVersion.V4));
        Assert.Equal(200, (await carol.AskAsync(carol.Register("carol"))).Status);
        Assert.Equal(200, (await bob.AskAsync(bob.Register("bob", cseq: 1))).Status);
        Assert.Equal(200, (await bob.AskAsync(bob.Register("bob", expires: 0, cseq: 2))).Status);

        var accepted = 0;
        Testing.RawMessage answer;
        while ((answer = await alice.AskAsync(Message(alice, $"{accepted} {new string('x', 1000)}"))).Status == 202)
        {
            Assert.True(++accepted < 5000, "a full disk takes everything");
        }

        Assert.Equal((500, "30"), (answer.Status, answer["Retry-After"]));
        Assert.NotNull(await server.Output.FindAsync(new("cannot be written, .* changes are refused: .*the disk is full"), 0, Eventually.Patience));
        await alice.SendAsync(Message(alice, "hello", "carol"));
        await carol.RespondAsync(await carol.ExpectAsync("MESSAGE"), 200, "OK");
        Assert.Equal(200, (await alice.ExpectAsync()).Status);
        Assert.Equal(accepted, (await WaitingAsync(server)).Count());
    }

    private static string Message(SipProbe probe, string text, string to = "bob") => probe.Request("MESSAGE", $"sip:{to}@example.com", "Content-Type: text/plain\r\n", text);

    private static async Task<IEnumerable<JsonElement>> WaitingAsync(IsthmusServer server) =>
        JsonDocument.Parse(await server.ShowAsync("messages", json: true)).RootElement.GetProperty("messages").EnumerateArray();
}
