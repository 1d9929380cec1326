// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Lab;

/// <summary>Reads classic pcap files of Ethernet frames, of either byte order, with micro- or nanoseconds.</summary>
internal static class PcapReader
{
    private const int LargestFrame = 1 << 20;

    /// <summary>Reads a whole file; false, with the reason, when it is not one or is cut off. What came before the cut is there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, out IReadOnlyList<CapturedPacket> packets, [NotNullWhen(false)] out string? problem)
    {
        var read = new List<CapturedPacket>();
        packets = read;
        if (file.Length < PcapWriter.HeaderBytes || !TryFormat(file, out bool isLittle, out bool hasNanoseconds))
        {
            problem = "not a pcap file";
            return false;
        }

        if ((Number(file[20..], isLittle) & 0xffff) != PcapWriter.Ethernet)
        {
            problem = "not a capture of Ethernet";
            return false;
        }

        for (file = file[PcapWriter.HeaderBytes..]; !file.IsEmpty;)
        {
            uint length = file.Length < PcapWriter.RecordBytes ? uint.MaxValue : Number(file[8..], isLittle);
            if (length > LargestFrame || file.Length - PcapWriter.RecordBytes < length)
            {
                problem = $"cut off after {read.Count} packets";
                return false;
            }

            long fraction = Number(file[4..], isLittle) * (hasNanoseconds ? 1L : 1000L);
            read.Add(new CapturedPacket((Number(file, isLittle) * PcapWriter.NanosecondsPerSecond) + fraction, file.Slice(PcapWriter.RecordBytes, (int)length).ToArray()));
            file = file[(PcapWriter.RecordBytes + (int)length)..];
        }

        problem = null;
        return true;
    }

    private static bool TryFormat(ReadOnlySpan<byte> file, out bool isLittle, out bool hasNanoseconds)
    {
        isLittle = Number(file, isLittle: true) is PcapWriter.NanosecondMagic or PcapWriter.MicrosecondMagic;
        uint magic = Number(file, isLittle);
        hasNanoseconds = magic == PcapWriter.NanosecondMagic;
        return magic is PcapWriter.NanosecondMagic or PcapWriter.MicrosecondMagic;
    }

    private static uint Number(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
