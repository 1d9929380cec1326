// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Isthmus.Media;

namespace Isthmus.Tests.Media;

public sealed class RtpPacketTests
{
    [Fact]
    public void TryParse_WhatWasWritten_IsRead() =>
        Gen.Select(Gen.Byte[0, 63], Gen.Bool, Gen.UShort, Gen.UInt, Gen.UInt, Gen.Byte.Array[0, 200]).Sample(
            (payloadType, marker, sequence, timestamp, ssrc, payload) =>
            {
                byte[] datagram = [.. new byte[12], .. payload];
                new RtpHeader(payloadType, marker, sequence, timestamp, ssrc).Write(datagram);
                Assert.True(RtpPacket.TryParse(datagram, out RtpPacket packet));
                Assert.Equal((payloadType, marker, sequence, timestamp, ssrc), (packet.PayloadType, packet.Marker, packet.SequenceNumber, packet.Timestamp, packet.Ssrc));
                Assert.Equal(payload, packet.Payload.ToArray());
            },
            iter: 1000);

    [Fact]
    public void TryParse_ContributorsExtensionAndPadding_AreSkipped()
    {
        byte[] datagram =
        [
            0x80 | 0x20 | 0x10 | 2, 0x88, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3,
            1, 1, 1, 1, 2, 2, 2, 2,
            0xbe, 0xde, 0, 1, 9, 9, 9, 9,
            10, 11, 12,
            0, 0, 3,
        ];
        Assert.True(RtpPacket.TryParse(datagram, out RtpPacket packet));
        Assert.Equal([10, 11, 12], packet.Payload.ToArray());
        Assert.Equal(8, packet.PayloadType);
        Assert.True(packet.Marker);
    }

    [Theory]
    [InlineData("")]
    [InlineData("80000001000000020000")]
    [InlineData("400000010000000200000003")] // version 1
    [InlineData("80C800010000000200000003")] // RTCP SR
    [InlineData("820000010000000200000003AABBCCDD")] // two contributors, one there
    [InlineData("900000010000000200000003BEDE0002AABBCCDD")] // extension longer than the packet
    [InlineData("900000010000000200000003BEDE")]
    [InlineData("A0000001000000020000000300")] // padding of 0
    [InlineData("A00000010000000200000003FF")] // padding longer than the packet
    public void TryParse_Faulty_IsRefused(string hex) =>
        Assert.False(RtpPacket.TryParse(Convert.FromHexString(hex), out _));

    [Fact]
    public void TryParse_AnyBytes_NeverThrows() =>
        Gen.Byte.Array[0, 100].Sample(
            bytes =>
            {
                if (bytes.Length > 0 && bytes.Length % 8 != 0) // most with the right version
                    bytes[0] = (byte)((bytes[0] & 0x3f) | 0x80);
                return !RtpPacket.TryParse(bytes, out RtpPacket packet) || packet.Payload.Length <= bytes.Length - 12;
            },
            iter: 10000);
}
