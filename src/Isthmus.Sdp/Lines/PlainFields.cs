// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Net;
using Isthmus.Sip;

namespace Isthmus.Sdp;

/// <summary>
/// The values of lines in their plain form, looked at without making anything. A no means "not plain": the model of the line may still
/// read it.
/// </summary>
internal static class PlainFields
{
    /// <summary>The value of <c>o=</c>: six fields, two of them numbers.</summary>
    public static bool IsOrigin(ReadOnlySpan<byte> value) =>
        TryTake(ref value, out _) && TryTake(ref value, out var id) && TryTake(ref value, out var version) && TryTake(ref value, out _)
        && TryTake(ref value, out _) && TryTake(ref value, out _) && value.IsEmpty && IsNumber(id, 64) && IsNumber(version, 64);

    /// <summary>The version of an address in <c>c=</c>; null for a name, another network, a TTL.</summary>
    public static IpVersion? ConnectionVersion(ReadOnlySpan<byte> value) =>
        !TryTake(ref value, out var network) || !TryTake(ref value, out var type) || !TryTake(ref value, out var address) || !value.IsEmpty || !network.SequenceEqual("IN"u8) ? null
        : type.SequenceEqual("IP4"u8) && IsV4(address) ? IpVersion.V4
        : type.SequenceEqual("IP6"u8) && IsV6(address) ? IpVersion.V6
        : null;

    /// <summary>The value of <c>m=</c>: kind, one port, protocol, formats.</summary>
    public static bool TryReadMedia(ReadOnlySpan<byte> value, int maxFormats, out int port)
    {
        port = 0;
        return TryTake(ref value, out _) && TryTake(ref value, out var ports) && TryTake(ref value, out _) && TryReadNumber(ports, 65_535, out port)
            && !value.IsEmpty && CountFields(value) is > 0 and var formats && formats <= maxFormats;
    }

    /// <summary>The value of <c>a=candidate</c> with an address.</summary>
    public static bool IsCandidate(ReadOnlySpan<byte> value) =>
        TryTake(ref value, out var foundation) && foundation.Length <= 32
        && TryTake(ref value, out var component) && TryReadNumber(component, 256, out int number) && number > 0
        && TryTake(ref value, out _)
        && TryTake(ref value, out var priority) && IsNumber(priority, 10) && Utf8Parser.TryParse(priority, out uint _, out _)
        && TryTake(ref value, out var address) && (IsV4(address) || IsV6(address))
        && TryTake(ref value, out var port) && TryReadNumber(port, 65_535, out _)
        && TryTake(ref value, out var typ) && typ.SequenceEqual("typ"u8) && TryTake(ref value, out _);

    // A field and the one space behind it. Two spaces would make an empty field: not plain. Fields are too short for a search in larger steps.
    private static bool TryTake(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> field)
    {
        int end = 0;
        while (end < text.Length && text[end] != ' ')
        {
            end++;
        }

        field = text[..end];
        bool isLast = end == text.Length;
        text = isLast ? [] : text[(end + 1)..];
        return end > 0 && (isLast || !text.IsEmpty);
    }

    // Fields with one space between them; 0 where one of them is empty.
    private static int CountFields(ReadOnlySpan<byte> text)
    {
        int fields = 1;
        byte before = (byte)' ';
        foreach (byte octet in text)
        {
            if (octet == ' ' && before == ' ')
            {
                return 0;
            }

            fields += octet == ' ' ? 1 : 0;
            before = octet;
        }

        return before == ' ' ? 0 : fields;
    }

    private static bool IsNumber(ReadOnlySpan<byte> text, int longest) => text.Length <= longest && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool TryReadNumber(ReadOnlySpan<byte> text, int most, out int number)
    {
        number = 0;
        foreach (byte octet in text)
        {
            if ((uint)(octet - '0') > 9 || (number = (number * 10) + octet - '0') > most)
            {
                return false;
            }
        }

        return text.Length is > 0 and <= 5;
    }

    private static bool IsV4(ReadOnlySpan<byte> text)
    {
        int dots = 0;
        int octet = -1;
        foreach (byte b in text)
        {
            if (b == '.')
            {
                (dots, octet) = octet < 0 ? (4, 0) : (dots + 1, -1);
            }
            else if (b is < (byte)'0' or > (byte)'9' || octet == 0 || (octet = (Math.Max(octet, 0) * 10) + b - '0') > 255)
            {
                return false; // a name, an octet with a leading zero or of more than 255
            }
        }

        return dots == 3 && octet >= 0;
    }

    // An address that begins with zeros may be an IPv4 one in disguise.
    private static bool IsV6(ReadOnlySpan<byte> text) =>
        text.Contains((byte)':') && text.IndexOfAny("%.[/"u8) < 0 && (text[0] is not ((byte)':' or (byte)'0') || text.IndexOfAny("fF"u8) < 0) && IPAddress.IsValidUtf8(text);
}
