// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Hostile;

/// <summary>Whatever arrives on a port: the server goes on, does not grow beyond its limits, and has nothing to say of it in its log but refusals.</summary>
public sealed class GarbageTests(ITestOutputHelper output)
{
    // A few kilobytes for each transaction that lingers (32 s, longer than this test), buffers, and what the runtime keeps for itself.
    private const int MostGrowthKilobytes = 200_000;
    private const int MostMessages = 4000;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task Garbage_ByEveryWayIn_LeavesAServerThatServes()
    {
        await using var server = await IsthmusServer.StartAsync(new IsthmusServerOptions { Further = "[limits]\ntransactions = 40000\nbindings = 500\n" });
        using var bob = SipProbe.Udp(server.EndPoint(IpVersion.V6));
        Assert.Equal(200, (await bob.AskAsync(bob.Register("bob"))).Status);
        await AssertServesAsync(server);
        var before = server.ResidentKilobytes;

        byte[][] seeds = [.. Seeds(), .. Requests(bob)];
        var began = Stopwatch.GetTimestamp();
        var sent = await Task.WhenAll(server.EndPoints.SelectMany((endPoint, i) => new[]
        {
            Task.Run(() => DatagramsAsync(endPoint, seeds, new Random(i), began)),
            Task.Run(() => StreamsAsync(endPoint, seeds, new Random(i + 10), began)),
        }));

        await AssertServesAsync(server);
        var after = server.ResidentKilobytes;
        output.WriteLine($"{seeds.Length} seeds, {sent.Sum()} messages by UDP and TCP on both versions in {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s; memory {before / 1024} MB before, {after / 1024} MB after");
        Assert.InRange(after - before, int.MinValue, MostGrowthKilobytes);
        Assert.DoesNotMatch("(?i)exception| fail: | crit: ", server.Output.Text);
        Assert.Equal(0, await server.StopAsync());
    }

    private static async Task AssertServesAsync(IsthmusServer server)
    {
        foreach (var endPoint in server.EndPoints)
        {
            // A datagram may be lost in the crowd: a client tries again.
            var answered = false;
            for (var attempt = 0; attempt < 20 && !answered; attempt++)
            {
                using var udp = SipProbe.Udp(endPoint);
                await udp.SendAsync(udp.Request("OPTIONS", "sip:example.com"));
                answered = (await udp.NextAsync(TimeSpan.FromMilliseconds(500)))?.Status == 200;
            }

            Assert.True(answered, $"{endPoint} answers no OPTIONS any more");
            using var tcp = await SipProbe.TcpAsync(endPoint);
            var status = (await tcp.AskAsync(tcp.Request("OPTIONS", "sip:example.com"))).Status;
            for (var attempt = 0; attempt < 20 && status == 503; attempt++)
            {
                // Still busy with the crowd, and says so: the client comes back a little later.
                Assert.Null(await tcp.NextAsync(TimeSpan.FromMilliseconds(500)));
                status = (await tcp.AskAsync(tcp.Request("OPTIONS", "sip:example.com"))).Status;
            }

            Assert.Equal(200, status);
        }
    }

    private static async Task<int> DatagramsAsync(System.Net.IPEndPoint server, byte[][] seeds, Random random, long began)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new System.Net.IPEndPoint(server.Address, 0));
        var sent = 0;
        foreach (var seed in seeds)
        {
            sent += await socket.SendToAsync(seed, server) > 0 ? 1 : 0;
        }

        for (; sent < MostMessages && Stopwatch.GetElapsedTime(began) < Duration; sent++)
        {
            await socket.SendToAsync(Mutation(seeds, random), server);
        }

        return sent;
    }

    private static async Task<int> StreamsAsync(System.Net.IPEndPoint server, byte[][] seeds, Random random, long began)
    {
        var sent = 0;
        while (sent < MostMessages && Stopwatch.GetElapsedTime(began) < Duration)
        {
            using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(server);
            try
            {
                for (var i = 0; i < 50 && Stopwatch.GetElapsedTime(began) < Duration; i++, sent++)
                {
                    await socket.SendAsync(sent < seeds.Length ? seeds[sent] : Mutation(seeds, random));
                }
            }
            catch (SocketException)
            {
                // Cut off, as it should be.
            }
        }

        return sent;
    }

    private static byte[] Mutation(byte[][] seeds, Random random)
    {
        var bytes = random.Next(20) == 0 ? new byte[random.Next(2000)] : [.. seeds[random.Next(seeds.Length)]];
        if (random.Next(20) == 0)
        {
            random.NextBytes(bytes);
        }

        // Another transaction, most of the time.
        var text = Encoding.Latin1.GetString(bytes).Replace("branch=z9hG4bK", $"branch=z9hG4bK{random.Next()}", StringComparison.Ordinal);
        for (var count = random.Next(5); count > 0 && text.Length > 0; count--)
        {
            var at = random.Next(text.Length);
            text = random.Next(4) switch
            {
                0 => text.Insert(at, Tokens[random.Next(Tokens.Length)]),
                1 => text.Remove(at, Math.Min(random.Next(20), text.Length - at)),
                2 => text.Insert(at, text.Substring(at, Math.Min(random.Next(200), text.Length - at))),
                _ => text.Insert(at, $"{(char)random.Next(256)}"),
            };
        }

        return Encoding.Latin1.GetBytes(text.Length > 60_000 ? text[..60_000] : text);
    }

    private static readonly string[] Tokens =
    [
        "\r\n", "\r\n\r\n", "\0", "\"", "<", ">", ";", ",", "%", "%00", "%0d%0a", "[::1]", "::", "@", "sip:", "sips:", "tel:+1", "*", "\xff\xfe", "99999999999999", "-1",
        ";lr", ";maddr=", ";tag=", "\r\n ", "Route: ", "Via: ", ";transport=tls", "Content-Length: 5\r\n", "z9hG4bK", "Max-Forwards: 0\r\n", "Require: x\r\n",
    ];

    private static IEnumerable<byte[]> Seeds()
    {
        string[] folders = [Path.Combine(Testing.Repository.Root, "tests", "Isthmus.Fuzz", "Corpus"), .. TortureFolders()];
        return folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.dat", SearchOption.AllDirectories)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(bytes => bytes.Length < 60_000);
    }

    // The messages of RFC 4475 and RFC 5118 lie beside the repository where they are at hand.
    private static IEnumerable<string> TortureFolders() =>
        new[] { Path.Combine(Testing.Repository.Root, "..", "shared", "torture") }.Where(Directory.Exists);

    /// <summary>Requests that get far into the server: calls, registrations, forged routes.</summary>
    private static IEnumerable<byte[]> Requests(SipProbe probe)
    {
        const string sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
        string[] requests =
        [
            probe.Request("INVITE", "sip:bob@example.com", $"Contact: <sip:a@{probe.Local}>\r\nRoute: <sip:{probe.Local};lr>\r\nContent-Type: application/sdp\r\n", sdp),
            probe.Request("INVITE", "sip:bob@example.com;gr=urn:uuid:1", $"Contact: <sip:a@{probe.Local}>\r\nSupported: ip-redirect\r\nContent-Type: application/sdp\r\n", sdp),
            probe.Request("REGISTER", "sip:example.com", "Contact: <sip:x@127.0.0.1:9>;q=0.5;+sip.instance=\"<urn:uuid:1>\";reg-id=1, <sip:x@[::1]:9>\r\nPath: <sip:127.0.0.1:9;lr>\r\nSupported: path\r\n", to: "<sip:carol@example.com>"),
            probe.Request("BYE", "sip:x@10.1.2.3", "Route: <sip:127.0.0.1;lr;k=0123456789abcdef;r2=on>, <sip:10.1.2.3;lr>\r\n", to: "<sip:bob@example.com>;tag=1"),
            probe.Request("OPTIONS", "sip:example.com", "Max-Breadth: 3\r\nProxy-Require: foo\r\nRecord-Route: <sip:1.2.3.4;lr;k=0123456789abcdef>\r\n"),
            probe.Request("ACK", "sip:bob@example.com", to: "<sip:bob@example.com>;tag=1"),
            probe.Request("CANCEL", "sip:bob@example.com"),
            probe.Request("OPTIONS", "sip:example.com", $"X: {new string('a', 50_000)}\r\n"),
            probe.Request("OPTIONS", "sip:example.com", string.Concat(Enumerable.Repeat("X: y\r\n", 400))),
        ];
        return requests.Select(Encoding.UTF8.GetBytes);
    }
}
