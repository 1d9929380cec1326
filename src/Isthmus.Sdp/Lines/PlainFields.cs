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
    private const int LongestNumber = 64;
    private const int LongestFoundation = 32;

    /// <summary>The value of <c>o=</c>: six fields, two of them numbers.</summary>
    public static bool IsOrigin(ReadOnlySpan<byte> value)
    {
        int id = NextField(value, 0);
        int version = NextField(value, id), network = NextField(value, version), rest = NextField(value, NextField(value, network));
        return rest > 0 && rest < value.Length && NextField(value, rest) == value.Length && IsNumber(value[id..(version - 1)], LongestNumber) && IsNumber(value[version..(network - 1)], LongestNumber);
    }

    /// <summary>The version of an address in <c>c=</c>; null for a name, another network, a TTL.</summary>
    public static IpVersion? ConnectionVersion(ReadOnlySpan<byte> value) =>
        value.StartsWith("IN IP4 "u8) && IsV4(value["IN IP4 ".Length..]) ? IpVersion.V4
        : value.StartsWith("IN IP6 "u8) && IsV6(value["IN IP6 ".Length..]) ? IpVersion.V6
        : null;

    /// <summary>The value of <c>m=</c>: kind, one port, protocol, formats.</summary>
    public static bool TryReadMedia(ReadOnlySpan<byte> value, int maxFormats, out int port)
    {
        int ports = NextField(value, 0);
        int protocol = NextField(value, ports), formats = NextField(value, protocol);
        port = 0;
        return formats > 0 && formats < value.Length && TryReadNumber(value[ports..(protocol - 1)], 65_535, out port) && CountFields(value[formats..]) is > 0 and var count && count <= maxFormats;
    }

    /// <summary>The value of <c>a=candidate</c> with an address.</summary>
    public static bool IsCandidate(ReadOnlySpan<byte> value)
    {
        int component = NextField(value, 0);
        int transport = NextField(value, component), priority = NextField(value, transport), address = NextField(value, priority);
        int port = NextField(value, address), typ = NextField(value, port), kind = NextField(value, typ);
        return component - 1 <= LongestFoundation && NextField(value, kind) > 0
            && TryReadNumber(value[component..(transport - 1)], 256, out int number) && number > 0
            && IsNumber(value[priority..(address - 1)], 10) && Utf8Parser.TryParse(value[priority..(address - 1)], out uint _, out _)
            && value[address..(port - 1)] is var text && (IsV4(text) || IsV6(text))
            && TryReadNumber(value[port..(typ - 1)], 65_535, out _)
            && value[typ..(kind - 1)].SequenceEqual("typ"u8);
    }

    // Where the field behind this one begins, or the text ends; negative where this one is empty, as it is between two spaces, or where nothing follows its space.
    // Fields are too short for a search in larger steps.
    private static int NextField(ReadOnlySpan<byte> text, int at)
    {
        int end = at;
        while ((uint)end < (uint)text.Length && text[end] != ' ')
        {
            end++;
        }

        return end > at && end + 1 != text.Length ? Math.Min(end + 1, text.Length) : -1;
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
