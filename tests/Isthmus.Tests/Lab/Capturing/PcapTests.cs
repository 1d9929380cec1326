// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using CsCheck;
using Isthmus.Lab;

namespace Isthmus.Tests.Lab.Capturing;

public sealed class PcapTests
{
    private static readonly Gen<CapturedPacket> Packets = Gen.Select(Gen.Long[0, 4_000_000_000_000_000_000], Gen.Byte.Array[0, 100], (time, frame) => new CapturedPacket(time, frame));

    [Fact]
    public void Written_File_IsReadBackInTheOrderOfTime() => Packets.Array[0, 20].Sample(packets =>
    {
        Assert.True(PcapReader.TryRead(File(packets), out var read, out _));
        Assert.Equal(packets.OrderBy(packet => packet.Time).Select(packet => (packet.Time, Convert.ToHexString(packet.Frame.Span))), read.Select(packet => (packet.Time, Convert.ToHexString(packet.Frame.Span))));
    });

    /// <summary>What tcpdump writes: microseconds; and what another machine wrote: the other byte order.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Microseconds_InEitherByteOrder_AreRead(bool big)
    {
        byte[] file = new byte[24 + 16 + 3];
        foreach (var (at, value) in new[] { (0, 0xa1b2c3d4u), (20, 1u), (24, 5u), (28, 7u), (32, 3u), (36, 3u) })
        {
            if (big)
            {
                BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
            }
        }

        file[^1] = 9;
        Assert.True(PcapReader.TryRead(file, out var packets, out _));
        var packet = Assert.Single(packets);
        Assert.Equal(5_000_007_000, packet.Time);
        Assert.Equal([0, 0, 9], packet.Frame.ToArray());
    }

    [Fact]
    public void Anything_Else_IsRefusedWithTheReason()
    {
        Gen.Byte.Array[0, 200].Sample(bytes => PcapReader.TryRead(bytes, out _, out _) || true);
        Assert.False(PcapReader.TryRead("not a capture, but long enough"u8, out _, out var problem));
        Assert.Equal("not a pcap file", problem);
        Assert.False(PcapReader.TryRead(File([new CapturedPacket(1, new byte[50]), new CapturedPacket(2, new byte[50])]).AsSpan(..^1), out var packets, out problem));
        Assert.Equal("cut off after 1 packets", problem);
        Assert.Single(packets);
    }

    private static byte[] File(IReadOnlyList<CapturedPacket> packets)
    {
        using var stream = new MemoryStream();
        PcapWriter.Write(stream, packets);
        return stream.ToArray();
    }
}
