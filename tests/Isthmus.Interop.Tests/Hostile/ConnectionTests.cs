// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Hostile;

/// <summary>Connections that want too much: too many, too slow, too long.</summary>
public sealed class ConnectionTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Connections_BeyondTheCap_AreResetAndTheOthersServed()
    {
        await using var server = await IsthmusServer.StartAsync(new IsthmusServerOptions { Further = "[limits]\nconnections = 5\n" });
        var probes = new List<SipProbe>();
        for (var i = 0; i < 5; i++)
        {
            var probe = await SipProbe.TcpAsync(server.EndPoint(i % 2 == 0 ? IpVersion.V4 : IpVersion.V6));
            probes.Add(probe);
            Assert.Equal(200, (await probe.AskAsync(probe.Request("OPTIONS", "sip:example.com"))).Status);
        }

        Assert.True(await IsResetAsync(server.EndPoint(IpVersion.V4)));
        Assert.All(probes, probe => Assert.False(probe.Ended.IsCompleted));
        Assert.Equal(200, (await probes[0].AskAsync(probes[0].Request("OPTIONS", "sip:example.com"))).Status);
        probes.ForEach(probe => probe.Dispose());
    }

    [Fact]
    public async Task Connections_BeyondTheFilesOfTheProcess_AreResetAndNothingElseSuffers()
    {
        await using var server = await IsthmusServer.StartAsync(new IsthmusServerOptions { MostFiles = 300 });
        await server.Output.FindAsync(new("Takes 44 stream connections .* 300 files"), 0, Eventually.Patience);
        var probes = new List<SipProbe>();
        for (var i = 0; i < 240; i++)
        {
            try
            {
                probes.Add(await SipProbe.TcpAsync(server.EndPoint(IpVersion.V4)));
            }
            catch (SocketException)
            {
                // Reset before the connecting side knew that it was connected.
            }
        }

        await Eventually.IsTrue(() => probes.Count(probe => !probe.Ended.IsCompleted) == 44, "as many as there is room for stay");
        using var udp = SipProbe.Udp(server.EndPoint(IpVersion.V6));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, (await udp.AskAsync(udp.Register($"u{i}"))).Status);
        }

        var oldest = probes.First(probe => !probe.Ended.IsCompleted);
        Assert.Equal(200, (await oldest.AskAsync(oldest.Register("late"))).Status);
        probes.ForEach(probe => probe.Dispose());
        Assert.DoesNotMatch("(?i)exception", server.Output.Text);
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task Senders_ThatDribble_AreCutOffWhateverTheySend()
    {
        await using var server = await IsthmusServer.StartAsync();
        using var headers = await SipProbe.TcpAsync(server.EndPoint(IpVersion.V4));
        using var body = await SipProbe.TcpAsync(server.EndPoint(IpVersion.V6));
        using var served = await SipProbe.TcpAsync(server.EndPoint(IpVersion.V6));
        await headers.SendAsync("OPTIONS sip:example.com SIP/2.0\r\n");
        await body.SendAsync(body.Request("OPTIONS", "sip:example.com").Replace("Content-Length: 0", "Content-Length: 1000", StringComparison.Ordinal));
        var began = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!(headers.Ended.IsCompleted && body.Ended.IsCompleted) && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30))
        {
            await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            try
            {
                await headers.SendAsync("x");
                await body.SendAsync("x");
            }
            catch (SocketException)
            {
                // One of them is cut off.
            }
        }

        Assert.True(headers.Ended.IsCompleted && body.Ended.IsCompleted, "both are cut off");
        output.WriteLine($"cut off after {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s");
        Assert.Equal(200, (await served.AskAsync(served.Request("OPTIONS", "sip:example.com"))).Status);
    }

    private static async Task<bool> IsResetAsync(IPEndPoint server)
    {
        try
        {
            using var probe = await SipProbe.TcpAsync(server);
            return await probe.Ended.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        }
        catch (SocketException)
        {
            return true; // before the connecting side knew that it was connected
        }
    }

    [Theory]
    [InlineData("X: ", 513)]
    [InlineData("Contact: <sip:", 513)]
    [InlineData("Subject: \r\n ", 513)]
    public async Task Header_OfAHundredThousandCharacters_IsAnsweredAndTheConnectionClosed(string header, int status)
    {
        await using var server = await IsthmusServer.StartAsync();
        using var probe = await SipProbe.TcpAsync(server.EndPoint(IpVersion.V6));
        await probe.SendAsync(probe.Request("OPTIONS", "sip:example.com", $"{header}{new string('a', 100_000)}\r\n"));
        var answer = await probe.ExpectAsync();
        Assert.Equal(status, answer.Status);
        Assert.InRange(answer.Text.Length, 1, 500);
        await probe.Ended.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        using var next = await SipProbe.TcpAsync(server.EndPoint(IpVersion.V6));
        Assert.Equal(200, (await next.AskAsync(next.Request("OPTIONS", "sip:example.com"))).Status);
    }
}
