// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Media;

namespace Isthmus.Tests.Media;

public sealed class SymmetricRtpTests
{
    private static readonly IPEndPoint Translated = new(IPAddress.Parse("192.0.2.7"), 6000);
    private static readonly IPEndPoint TranslatedRtcp = new(IPAddress.Parse("192.0.2.7"), 6001);
    private static readonly IPEndPoint Stranger = new(IPAddress.Parse("198.51.100.9"), 7000);

    [Fact]
    public void Received_FromAnotherAddressThanSignalled_IsFollowed()
    {
        using MediaCall call = new();
        call.Network.Translations[call.B.Session.LocalRtp] = Translated;
        call.Network.Translations[call.B.Session.LocalRtcp] = TranslatedRtcp;

        call.Run(8);

        MediaStatistics a = call.A.Statistics;
        Assert.Equal(Translated, a.Remote);
        Assert.Equal(1, a.Ignored); // the first of two in sequence
        Assert.True(call.A.Ear.Heard!.Value.IsTone(1000));
        Assert.Contains(call.Network.Sent, datagram => datagram.To.Equals(TranslatedRtcp));
        Assert.Equal("b@test", a.RemoteCname);
    }

    [Fact]
    public void Received_StrangerAfterTheStreamIsEstablished_IsIgnored()
    {
        using MediaCall call = new();
        call.Run(1);
        long before = call.A.Statistics.Received.Packets;

        for (ushort i = 0; i < 50; i++)
            call.Network.Inject(Packet(i), Stranger, call.A.Session.LocalRtp);

        Assert.Equal(50, call.A.Statistics.Ignored);
        Assert.Equal(before, call.A.Statistics.Received.Packets);
        Assert.Equal(call.B.Session.LocalRtp, call.A.Statistics.Remote);
    }

    [Fact]
    public void Received_StrangerFirst_TheSignalledAddressWins()
    {
        using MediaCall call = new();
        for (ushort i = 0; i < 5; i++)
            call.Network.Inject(Packet(i), Stranger, call.A.Session.LocalRtp);
        Assert.Equal(Stranger, call.A.Statistics.Remote);

        call.Run(1);

        Assert.Equal(call.B.Session.LocalRtp, call.A.Statistics.Remote);
        Assert.True(call.A.Ear.Latest!.Value.IsTone(1000));
        call.Network.Inject(Packet(5), Stranger, call.A.Session.LocalRtp);
        Assert.Equal(call.B.Session.LocalRtp, call.A.Statistics.Remote);
    }

    [Fact]
    public void Received_OtherIpVersionOrGarbage_IsNeverFollowed()
    {
        using MediaCall call = new();
        IPEndPoint sixth = new(IPAddress.Parse("2001:db8::9"), 7000);
        for (ushort i = 0; i < 5; i++)
        {
            call.Network.Inject(Packet(i), sixth, call.A.Session.LocalRtp);
            call.Network.Inject([0x80, 0x00, 0x01], Stranger, call.A.Session.LocalRtp);
            call.Network.Inject(Packet(i, payloadType: 96), Stranger, call.A.Session.LocalRtp);
        }

        Assert.Equal(15, call.A.Statistics.Ignored);
        Assert.Equal(call.B.Session.LocalRtp, call.A.Statistics.Remote);
    }

    [Fact]
    public void Received_MappedAddress_IsTheIPv4One()
    {
        using MediaCall call = new();
        IPEndPoint mapped = new(call.B.Session.LocalRtp.Address.MapToIPv6(), call.B.Session.LocalRtp.Port);
        call.Network.Inject(Packet(1), mapped, call.A.Session.LocalRtp);
        Assert.Equal(1, call.A.Statistics.Received.Packets);
        Assert.Equal(call.B.Session.LocalRtp, call.A.Statistics.Remote);
    }

    [Fact]
    public void Update_AnotherAddress_LatchesAnew()
    {
        using MediaCall call = new();
        call.Run(1);
        IPEndPoint moved = new(IPAddress.Loopback, 5000);
        call.A.Session.Update(call.Towards(call.B) with { Remote = moved });
        Assert.Equal(moved, call.A.Statistics.Remote);
        call.Network.Inject(Packet(1), moved, call.A.Session.LocalRtp);
        call.Run(1);
        Assert.Equal(moved, call.A.Statistics.Remote); // B's packets are a stranger's now
    }

    [Fact]
    public void ReceivedRtcp_StrangersBye_IsIgnored()
    {
        using MediaCall call = new();
        call.Run(1);
        byte[] compound = new byte[RtcpWriter.MaxLength];
        RtcpWriter writer = new(compound);
        writer.Report(call.B.Statistics.Ssrc, null, null);
        writer.Bye(call.B.Statistics.Ssrc);
        call.Network.Inject(writer.Written.ToArray(), Stranger, call.A.Session.LocalRtcp);
        Assert.Equal(0, call.A.Byes);
        call.Network.Inject(writer.Written.ToArray(), call.B.Session.LocalRtcp, call.A.Session.LocalRtcp);
        Assert.Equal(1, call.A.Byes);
    }

    private static byte[] Packet(ushort sequence, byte payloadType = 0)
    {
        byte[] packet = new byte[172];
        new RtpHeader(payloadType, false, sequence, sequence * 160u, 0xabcdef).Write(packet);
        return packet;
    }
}
