// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Isthmus.Lab;

/// <summary>The data of a DNS record as a zone file writes it.</summary>
internal static class DnsData
{
    /// <summary>The text of the data that begins there and ends with the bytes; null when it is malformed.</summary>
    public static string? Text(ReadOnlySpan<byte> bytes, int at, DnsType type)
    {
        ReadOnlySpan<byte> data = bytes[at..];
        switch (type)
        {
            case DnsType.A when data.Length == 4:
            case DnsType.AAAA when data.Length == 16:
                return new IPAddress(data).ToString();
            case DnsType.NS or DnsType.CNAME:
                return DnsMessage.TryName(bytes, ref at, out string name) ? name : null;
            case DnsType.SRV when data.Length > 6:
                at += 6;
                return DnsMessage.TryName(bytes, ref at, out string host) ? $"{Number(data)} {Number(data[2..])} {Number(data[4..])} {host}" : null;
            case DnsType.NAPTR when data.Length > 4:
                return Naptr(bytes, at);
            default:
                return type is DnsType.A or DnsType.AAAA or DnsType.SRV or DnsType.NAPTR ? null : Convert.ToHexStringLower(data);
        }
    }

    private static string? Naptr(ReadOnlySpan<byte> bytes, int at)
    {
        var text = new StringBuilder($"{Number(bytes[at..])} {Number(bytes[(at + 2)..])}");
        at += 4;
        for (int i = 0; i < 3; i++)
        {
            int length = at < bytes.Length ? bytes[at] : int.MaxValue;
            if (length > bytes.Length - at - 1)
            {
                return null;
            }

            text.Append(" \"").Append(Encoding.ASCII.GetString(bytes.Slice(at + 1, length))).Append('"');
            at += 1 + length;
        }

        return DnsMessage.TryName(bytes, ref at, out string replacement) ? text.Append(' ').Append(replacement).ToString() : null;
    }

    private static ushort Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
