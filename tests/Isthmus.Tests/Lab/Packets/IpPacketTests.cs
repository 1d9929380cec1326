// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Isthmus.Lab;
using Isthmus.Sip;

namespace Isthmus.Tests.Lab.Packets;

public sealed class IpPacketTests
{
    [Fact]
    public void Bytes_OfAnyKind_AreReadOrRefused() =>
        Gen.Select(Gen.Byte.Array[0, 120], Gen.Bool.Select(isV4 => isV4 ? (byte[])[8, 0, 0x45] : [0x86, 0xdd, 0x60])).Sample((bytes, begin) =>
        {
            byte[] frame = [.. new byte[12], .. begin, .. bytes];
            if (IpPacket.TryRead(frame, out var packet))
            {
                _ = Carried.TryRead(packet, out _);
            }

            return true;
        });

    /// <summary>Ethernet fills a short frame up to 60 octets; these are not part of the datagram.</summary>
    [Theory]
    [InlineData(IpVersion.V4)]
    [InlineData(IpVersion.V6)]
    public void Datagram_InAFilledFrame_EndsWhereItsLengthSays(IpVersion version)
    {
        byte[] frame = [.. new Frames(Frames.Figure3).Udp(0, "T5", "S1", version, "ab"u8).Frame.ToArray(), 0, 0, 0, 0];
        Assert.True(IpPacket.TryRead(frame, out var packet));
        Assert.True(Carried.TryRead(packet, out var carried));
        Assert.Equal("ab"u8, carried.Payload.Span);
    }
}
