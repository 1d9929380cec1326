// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;

namespace Isthmus.Media;

/// <summary>One packet of an RTCP compound (RFC 3550 §6.4 to 6.6): a view, valid as long as its datagram.</summary>
internal readonly ref struct RtcpPacket(byte type, int count, ReadOnlySpan<byte> body)
{
    public const byte SenderReport = 200;
    public const byte ReceiverReport = 201;
    public const byte SourceDescription = 202;
    public const byte Bye = 203;
    public const byte CnameItem = 1;

    private const int MaxItems = 64;

    private readonly ReadOnlySpan<byte> _body = body;

    public byte Type { get; } = type;

    /// <summary>Report blocks, chunks or sources, as the packet says.</summary>
    public int Count { get; } = count;

    /// <summary>The sender of an SR or RR.</summary>
    public bool TryReadSource(out uint ssrc)
    {
        ssrc = _body.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(_body) : 0;
        return Type is SenderReport or ReceiverReport && _body.Length >= 4;
    }

    public bool TryReadSender(out SenderInfo sender)
    {
        bool has = Type == SenderReport && _body.Length >= 4 + SenderInfo.Length;
        sender = has ? SenderInfo.Read(_body[4..]) : default;
        return has;
    }

    /// <summary>The report block about <paramref name="ssrc"/>, if there is one.</summary>
    public bool TryReadReportOn(uint ssrc, out ReceptionReport report)
    {
        report = default;
        int start = Type switch { SenderReport => 4 + SenderInfo.Length, ReceiverReport => 4, _ => int.MaxValue };
        for (int i = 0; i < Count && start <= _body.Length - ReceptionReport.Length; i++, start += ReceptionReport.Length)
        {
            report = ReceptionReport.Read(_body[start..]);
            if (report.Ssrc == ssrc)
                return true;
        }

        return false;
    }

    /// <summary>The first CNAME of an SDES packet.</summary>
    public bool TryReadCname(out string? cname)
    {
        cname = null;
        if (Type != SourceDescription || Count == 0)
            return false;

        int at = 4;
        for (int items = 0; items < MaxItems && at + 2 <= _body.Length && _body[at] != 0; items++)
        {
            int length = _body[at + 1];
            if (at + 2 + length > _body.Length)
                return false;
            if (_body[at] == CnameItem)
            {
                cname = Encoding.UTF8.GetString(_body.Slice(at + 2, length));
                return true;
            }

            at += 2 + length;
        }

        return false;
    }

    /// <summary>True for a BYE of <paramref name="ssrc"/>.</summary>
    public bool IsByeOf(uint ssrc)
    {
        if (Type != Bye)
            return false;
        for (int i = 0, at = 0; i < Count && at + 4 <= _body.Length; i++, at += 4)
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(_body[at..]) == ssrc)
                return true;
        }

        return false;
    }
}
