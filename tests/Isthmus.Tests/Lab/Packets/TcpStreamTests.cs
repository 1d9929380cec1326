// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Lab;
using Isthmus.Sip;

namespace Isthmus.Tests.Lab.Packets;

public sealed class TcpStreamTests
{
    private static readonly byte[] Options = Frames.Message("OPTIONS sip:isthmus.example SIP/2.0", "1 OPTIONS");

    [Theory]
    [InlineData(10u)]
    [InlineData(0xffff_ff00u)] // sequence numbers wrap
    public void Message_InSegmentsThatOvertakeAndRepeat_ComesOutOnce(uint first)
    {
        byte[] two = [.. Options, .. Options];
        var frames = new Frames(Frames.Figure3);
        var segments = new List<CapturedPacket>
        {
            frames.Tcp(0, "T5", "S1", IpVersion.V6, first - 1, [], opens: true),
            frames.Tcp(1, "T5", "S1", IpVersion.V6, first + 300, two.AsSpan(300)),
            frames.Tcp(2, "T5", "S1", IpVersion.V6, first, two.AsSpan(0, 200)),
            frames.Tcp(3, "T5", "S1", IpVersion.V6, first, two.AsSpan(0, 200)),
            frames.Tcp(4, "T5", "S1", IpVersion.V6, first + 100, two.AsSpan(100, 200)),
        };
        using var stream = new TcpStream();
        var messages = segments.SelectMany(segment => stream.Push(Segment(segment))).Select(Encoding.UTF8.GetString).ToList();
        Assert.Equal([Encoding.UTF8.GetString(Options), Encoding.UTF8.GetString(Options)], messages);
    }

    private static Carried Segment(CapturedPacket packet)
    {
        Assert.True(IpPacket.TryRead(packet.Frame, out var ip));
        Assert.True(Carried.TryRead(ip, out var carried));
        return carried;
    }
}
