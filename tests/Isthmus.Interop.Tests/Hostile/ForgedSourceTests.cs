// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Hostile;

/// <summary>
/// What a datagram with a forged source makes the server send to that source: nothing where there is no request to answer, else one
/// answer of about the request's size. And nobody's request is carried to a third party.
/// </summary>
public sealed class ForgedSourceTests(ITestOutputHelper output)
{
    // Our own To tag, Date, Allow, Allow-Events, Accept and Supported.
    private const int MostAdded = 240;

    [Fact]
    public async Task Datagrams_ThatAreNoRequests_AreNotAnswered()
    {
        await using var server = await IsthmusServer.StartAsync();
        foreach (var endPoint in server.EndPoints)
        {
            using var probe = SipProbe.Udp(endPoint);
            var good = probe.Request("OPTIONS", "sip:example.com");
            string[] silent =
            [
                "", "\r\n\r\n", "\0\0\0\0", "hello", new('x', 60_000), "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "INVITE", "\x16\x03\x01\x02\x00\x01",
                "\x01\x01\x00\x00\x21\x12\xa4\x42", // STUN
                probe.Request("ACK", "sip:example.com"),
                probe.Request("ACK", "sip:nobody@example.com").Replace("CSeq", "CSeqq", StringComparison.Ordinal),
                good.Replace("OPTIONS sip:example.com SIP/2.0", "SIP/2.0 200 OK", StringComparison.Ordinal),
                good.Replace("OPTIONS sip:example.com SIP/2.0", "SIP/2.0 200 OK", StringComparison.Ordinal).Replace("CSeq", "X", StringComparison.Ordinal),
                string.Join("\r\n", good.Split("\r\n").Where(line => !line.StartsWith("Via", StringComparison.Ordinal))),
            ];
            foreach (var text in silent)
            {
                await probe.SendAsync(Encoding.Latin1.GetBytes(text));
            }

            // Datagrams of one sender are taken in order: when this is answered, all before it would be.
            await probe.SendAsync(good);
            Assert.Equal(200, (await probe.ExpectAsync()).Status);
            Assert.Empty(probe.Unread());
        }
    }

    [Fact]
    public async Task Requests_AreAnsweredOnceByAboutTheirOwnSize()
    {
        await using var server = await IsthmusServer.StartAsync();
        using var probe = SipProbe.Udp(server.EndPoint(IpVersion.V4));
        string Manyfold(string header, int times) => string.Concat(Enumerable.Repeat(header + "\r\n", times));
        string[] requests =
        [
            probe.Request("OPTIONS", "sip:example.com"),
            probe.Request("OPTIONS", "sip:nobody@example.com"),
            probe.Request("REGISTER", "sip:example.com", to: "<sip:nobody@example.com>"),
            probe.Request("MESSAGE", "sip:x@192.0.2.99"),
            probe.Request("MESSAGE", "sip:x@elsewhere.example"),
            probe.Request("CANCEL", "sip:nobody@example.com"),
            probe.Request("FOO", "tel:+1234"),
            probe.Request("OPTIONS", "sip:example.com", Manyfold("Require: a, b, c, d", 50)),
            probe.Request("REGISTER", "sip:example.com", Manyfold("Require: a, b, c, d", 50), to: "<sip:x@example.com>"),
            probe.Request("OPTIONS", "sip:example.com", Manyfold("Proxy-Require: a, b, c, d", 50)),
            probe.Request("OPTIONS", "sip:example.com", Manyfold("Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKx", 100)),
            probe.Request("OPTIONS", "sip:example.com", Manyfold("To: <sip:a@b.example>", 100)),
            probe.Request("OPTIONS", "sip:example.com", Manyfold("Record-Route: <sip:192.0.2.1;lr>", 100)),
            probe.Request("OPTIONS", "sip:example.com", Manyfold("X: y", 300)),
            probe.Request("OPTIONS", "sip:example.com", $"X: {new string('y', 40_000)}\r\n"),
            probe.Request("OPTIONS", "sip:example.com").Replace("CSeq: ", "CSeq: x", StringComparison.Ordinal),
            probe.Request("OPTIONS", "sip:example.com").Replace("SIP/2.0\r\nVia", "SIP/7.0\r\nVia", StringComparison.Ordinal),
        ];
        var worst = (Ratio: 0.0, Added: 0, Line: "");
        foreach (var request in requests)
        {
            var answer = await probe.AskAsync(request);
            var (asked, told) = (Encoding.UTF8.GetByteCount(request), Encoding.UTF8.GetByteCount(answer.Text));
            Assert.True(told <= asked + MostAdded, $"{told} bytes for {asked}:\n{answer}");
            worst = (double)told / asked > worst.Ratio ? ((double)told / asked, told - asked, answer.FirstLine) : worst;
        }

        Assert.Empty(probe.Unread());
        output.WriteLine($"{requests.Length} requests; the largest answer in proportion is {worst.Ratio:F2} times its request (+{worst.Added} bytes): {worst.Line}");
    }

    [Theory]
    [InlineData("sip:x@127.0.0.1:PORT", "")]
    [InlineData("sip:x@[::1]:PORT", "")]
    [InlineData("sip:x@elsewhere.example", "Route: <sip:127.0.0.1:PORT;lr>\r\n")]
    [InlineData("sip:x@elsewhere.example", "Route: <sip:SERVER;lr>, <sip:127.0.0.1:PORT;lr>\r\n")]
    [InlineData("sip:x@127.0.0.1:PORT", "Route: <sip:SERVER;lr;k=0123456789abcdef>\r\n")]
    [InlineData("sip:x@127.0.0.1:PORT", "Route: <sip:SERVER;lr;k=0123456789abcdef;r2=on>, <sip:SERVER;lr;k=0123456789abcdef;r2=on>\r\n")]
    [InlineData("sip:x@127.0.0.1:PORT", "Record-Route: <sip:SERVER;lr;k=0123456789abcdef>\r\n")]
    [InlineData("sip:SERVER;lr;k=0123456789abcdef", "Route: <sip:x@127.0.0.1:PORT>\r\n")]
    [InlineData("sip:SERVER;maddr=127.0.0.1", "Route: <sip:127.0.0.1:PORT;lr>\r\n")]
    [InlineData("sip:x@example.com;maddr=127.0.0.1:PORT", "")]
    [InlineData("sip:bob@example.com", "Route: <sip:127.0.0.1:PORT;lr>\r\n")]
    public async Task Strangers_AreNotRelayed_WhateverTheyForge(string uri, string headers)
    {
        await using var server = await IsthmusServer.StartAsync();
        using var victim = SipProbe.Udp(server.EndPoint(IpVersion.V4));
        using var stranger = SipProbe.Udp(server.EndPoint(IpVersion.V4));
        string Filled(string text) => text.Replace("PORT", $"{victim.Local.Port}", StringComparison.Ordinal).Replace("SERVER", $"{server.EndPoint(IpVersion.V4)}", StringComparison.Ordinal);
        foreach (var method in (string[])["OPTIONS", "BYE", "INVITE", "ACK", "REGISTER"])
        {
            foreach (var to in (string[])["<sip:x@example.com>", "<sip:x@example.com>;tag=forged"])
            {
                var request = stranger.Request(method, Filled(uri), Filled(headers), to: to);
                await stranger.SendAsync(request);
                if (method == "ACK")
                {
                    continue;
                }

                var answer = await stranger.ExpectAsync();
                var isRefused = answer.Status is 403 or 404 or 480 or 481 || (method == "REGISTER" && answer.Status == 200); // that one was for us
                Assert.True(isRefused, $"{request}\n{answer.FirstLine}");
                if (method == "INVITE")
                {
                    await stranger.SendAsync(string.Join("\r\n", [$"ACK {answer["To"]} SIP/2.0", $"Via: {request.Split("\r\n")[1][5..]}", $"From: {answer["From"]}", $"To: {answer["To"]}", $"Call-ID: {answer["Call-ID"]}", $"CSeq: {answer["CSeq"]!.Split(' ')[0]} ACK", "Max-Forwards: 70", "Content-Length: 0", "", ""])
                        .Replace($"ACK {answer["To"]} ", $"ACK {Filled(uri)} ", StringComparison.Ordinal));
                }
            }
        }

        // What was relayed to the victim would be there before the answer to what was asked last.
        Assert.Empty(victim.Unread());
    }
}
