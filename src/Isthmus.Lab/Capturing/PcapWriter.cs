// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Isthmus.Lab;

/// <summary>Writes the capture files that Wireshark and tcpdump read: classic pcap, Ethernet, with nanoseconds.</summary>
internal static class PcapWriter
{
    public const uint NanosecondMagic = 0xa1b23c4d;
    public const uint MicrosecondMagic = 0xa1b2c3d4;
    public const int HeaderBytes = 24;
    public const int RecordBytes = 16;
    public const uint Ethernet = 1;
    public const long NanosecondsPerSecond = 1_000_000_000;
    private const uint SnapshotLength = 262_144;

    /// <summary>Writes packets in the order of their times.</summary>
    public static void Write(Stream stream, IEnumerable<CapturedPacket> packets)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, NanosecondMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        header[8..16].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], SnapshotLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], Ethernet);
        stream.Write(header);
        Span<byte> record = stackalloc byte[RecordBytes];
        foreach (CapturedPacket packet in packets.OrderBy(packet => packet.Time))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(packet.Time / NanosecondsPerSecond));
            BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(packet.Time % NanosecondsPerSecond));
            BinaryPrimitives.WriteUInt32LittleEndian(record[8..], (uint)packet.Frame.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(record[12..], (uint)packet.Frame.Length);
            stream.Write(record);
            stream.Write(packet.Frame.Span);
        }
    }

    /// <summary>Writes a file.</summary>
    public static void Write(string path, IEnumerable<CapturedPacket> packets)
    {
        using FileStream file = File.Create(path);
        using var buffered = new BufferedStream(file, 1 << 16);
        Write(buffered, packets);
    }
}
