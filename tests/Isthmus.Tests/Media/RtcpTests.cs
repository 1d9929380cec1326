// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CsCheck;
using Isthmus.Media;

namespace Isthmus.Tests.Media;

public sealed class RtcpTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("abc")]
    [InlineData("someone@2001:db8::1")]
    public void Compound_WhatWasWritten_IsRead(string cname)
    {
        ReceptionReport report = new(7, 25, -3, 0x10005, 80, 0x1234, 0x8000);
        SenderInfo sender = new(NtpTime.From(DateTimeOffset.UnixEpoch), 1, 2, 3);
        byte[] buffer = new byte[RtcpWriter.MaxLength];
        RtcpWriter writer = new(buffer);
        writer.Report(9, sender, report);
        writer.Cname(9, Encoding.UTF8.GetBytes(cname));
        writer.Bye(9);

        Assert.True(RtcpReader.IsValid(writer.Written));
        RtcpReader reader = new(writer.Written);
        Assert.True(reader.TryNext(out RtcpPacket packet));
        Assert.True(packet.TryReadSource(out uint source));
        Assert.Equal(9u, source);
        Assert.True(packet.TryReadSender(out SenderInfo readSender));
        Assert.Equal(sender, readSender);
        Assert.True(packet.TryReadReportOn(7, out ReceptionReport readReport));
        Assert.Equal(report, readReport);
        Assert.False(packet.TryReadReportOn(8, out _));
        Assert.True(reader.TryNext(out packet));
        Assert.True(packet.TryReadCname(out string? readCname));
        Assert.Equal(cname, readCname);
        Assert.True(reader.TryNext(out packet));
        Assert.True(packet.IsByeOf(9));
        Assert.False(packet.IsByeOf(10));
        Assert.False(reader.TryNext(out _));
    }

    [Fact]
    public void Write_LongestCname_Fits()
    {
        byte[] buffer = new byte[RtcpWriter.MaxLength];
        RtcpWriter writer = new(buffer);
        writer.Report(1, default(SenderInfo), default(ReceptionReport));
        writer.Cname(1, new byte[300]);
        writer.Bye(1);
        Assert.True(RtcpReader.IsValid(writer.Written));
    }

    [Fact]
    public void Report_NothingSent_IsAReceiverReport()
    {
        byte[] buffer = new byte[RtcpWriter.MaxLength];
        RtcpWriter writer = new(buffer);
        writer.Report(1, null, null);
        Assert.Equal(Convert.FromHexString("80C9000100000001"), writer.Written.ToArray());
    }

    [Theory]
    [InlineData("80CA000100000001")] // SDES first
    [InlineData("A0C9000100000001")] // padding in the first
    [InlineData("40C9000100000001")] // version 1
    [InlineData("80C9000200000001")] // longer than the datagram
    [InlineData("80C900010000000180")] // a rest
    [InlineData("80C9000100000001C0CB0000")] // version 3 in the second
    [InlineData("80C9")]
    public void IsValid_Faulty_IsNot(string hex) => Assert.False(RtcpReader.IsValid(Convert.FromHexString(hex)));

    [Fact]
    public void Read_AnyBytes_NeverThrowsOrLoops() =>
        Gen.Select(Gen.Byte[200, 204], Gen.Byte[0, 31], Gen.Byte.Array[0, 120]).Sample(
            (type, count, body) =>
            {
                byte[] datagram = [(byte)(0x80 | count), type, 0, (byte)(body.Length / 4), .. body];
                RtcpReader.IsValid(datagram);
                RtcpReader reader = new(datagram);
                int packets = 0;
                while (reader.TryNext(out RtcpPacket packet))
                {
                    packets++;
                    packet.TryReadSource(out _);
                    packet.TryReadSender(out _);
                    packet.TryReadReportOn(1, out _);
                    packet.TryReadCname(out _);
                    packet.IsByeOf(1);
                }

                return packets <= 31;
            },
            iter: 10000);

    [Fact]
    public void NtpTime_KnownMoment_IsRight()
    {
        NtpTime time = NtpTime.From(DateTimeOffset.UnixEpoch.AddMilliseconds(500));
        Assert.Equal((2208988800ul << 32) | 0x80000000, time.Value); // RFC 868's distance between the epochs
        Assert.Equal(unchecked((uint)(2208988800ul << 16) | 0x8000), time.Compact);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), NtpTime.FromCompact(NtpTime.ToCompact(TimeSpan.FromMilliseconds(1500))));
    }

    [Fact]
    public void Interval_FirstIsHalf_AndBothAreSpread()
    {
        uint[] numbers = [0, uint.MaxValue];
        int at = 0;
        RtcpInterval interval = new(TimeSpan.FromSeconds(5), () => numbers[at++ % 2]);
        Assert.Equal(2.5 * 0.5 / (Math.E - 1.5), interval.Next(1, 1, true).TotalSeconds, 3);
        Assert.Equal(2.5 * 1.5 / (Math.E - 1.5), interval.Next(1, 1, true).TotalSeconds, 3);
        interval.Sent(100);
        Assert.Equal(5 * 0.5 / (Math.E - 1.5), interval.Next(2, 2, true).TotalSeconds, 3);
        Assert.Equal(5 * 1.5 / (Math.E - 1.5), interval.Next(2, 0, false).TotalSeconds, 3);
    }
}
