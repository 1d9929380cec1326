// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Isthmus.Media;

/// <summary>Writes an RTCP compound into a buffer that must hold <see cref="MaxLength"/> bytes.</summary>
internal ref struct RtcpWriter(Span<byte> buffer)
{
    /// <summary>SR with one block, SDES with a CNAME of 255 bytes, BYE.</summary>
    public const int MaxLength = 8 + SenderInfo.Length + ReceptionReport.Length + 4 + 4 + 2 + 255 + 5 + 8;

    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    /// <summary>An SR where we sent since the last report, else an RR (RFC 3550 §6.4).</summary>
    public void Report(uint ssrc, SenderInfo? sender, ReceptionReport? report)
    {
        int start = Length;
        BinaryPrimitives.WriteUInt32BigEndian(_buffer[(start + 4)..], ssrc);
        Length += 8;
        if (sender is { } info)
        {
            info.Write(_buffer[Length..]);
            Length += SenderInfo.Length;
        }

        if (report is { } block)
        {
            block.Write(_buffer[Length..]);
            Length += ReceptionReport.Length;
        }

        Header(start, sender is null ? RtcpPacket.ReceiverReport : RtcpPacket.SenderReport, report is null ? 0 : 1);
    }

    /// <summary>SDES with one CNAME (RFC 3550 §6.5.1); only its first 255 bytes are written.</summary>
    public void Cname(uint ssrc, ReadOnlySpan<byte> cname)
    {
        int start = Length;
        cname = cname[..Math.Min(cname.Length, 255)];
        BinaryPrimitives.WriteUInt32BigEndian(_buffer[(start + 4)..], ssrc);
        _buffer[start + 8] = RtcpPacket.CnameItem;
        _buffer[start + 9] = (byte)cname.Length;
        cname.CopyTo(_buffer[(start + 10)..]);
        Length += 10 + cname.Length;
        do
        {
            _buffer[Length++] = 0; // at least one: it ends the list
        }
        while (Length % 4 != 0);
        Header(start, RtcpPacket.SourceDescription, 1);
    }

    public void Bye(uint ssrc)
    {
        int start = Length;
        BinaryPrimitives.WriteUInt32BigEndian(_buffer[(start + 4)..], ssrc);
        Length += 8;
        Header(start, RtcpPacket.Bye, 1);
    }

    private readonly void Header(int start, byte type, int count)
    {
        _buffer[start] = (byte)(0x80 | count);
        _buffer[start + 1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(start + 2)..], (ushort)(((Length - start) / 4) - 1));
    }
}
