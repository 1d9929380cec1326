// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Isthmus.Bodies;

/// <summary>What the octets of an XML document are: its charset, names, white space and references.</summary>
internal static class MarkupOctets
{
    // XML 1.0 §2.2: no control characters but these three.
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create([.. Enumerable.Range(0, 32).Select(static octet => (byte)octet).Except("\t\r\n"u8.ToArray())]);

    private static readonly SearchValues<byte> Space = SearchValues.Create(" \t\r\n"u8);

    private static readonly SearchValues<byte> NameCharacters = SearchValues.Create("-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Makes UTF-8 of the octets, without the mark of their order. False and a reason: they are none, or hold what XML does not allow.</summary>
    public static bool TryDecode(ref ReadOnlySpan<byte> body, [NotNullWhen(false)] out string? reason)
    {
        body = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        reason = null;
        if (Charset(body) is { } charset)
        {
            if (charset.Equals("ISO-8859-1", StringComparison.OrdinalIgnoreCase))
            {
                body = Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(body));
            }
            else if (!charset.Equals("UTF-8", StringComparison.OrdinalIgnoreCase) && !charset.Equals("US-ASCII", StringComparison.OrdinalIgnoreCase))
            {
                reason = "the charset is not UTF-8";
            }
        }

        reason ??= !Utf8.IsValid(body) || body.ContainsAny(Forbidden) || body.IndexOf("\uFFFE"u8) >= 0 || body.IndexOf("\uFFFF"u8) >= 0 ? "this is not XML" : null;
        return reason is null;
    }

    /// <summary>Whether an instruction <c>xml …</c> declares a document that is read (XML 1.0 §2.8).</summary>
    public static bool IsDeclaration(ReadOnlySpan<byte> instruction) =>
        instruction.StartsWith("xml"u8) && (Value(instruction, "version"u8) is [(byte)'1', (byte)'.', (byte)'0']);

    public static bool IsWhiteSpace(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(Space);

    public static int WhiteSpaceLength(ReadOnlySpan<byte> text)
    {
        int length = text.IndexOfAnyExcept(Space);
        return length < 0 ? text.Length : length;
    }

    /// <summary>How long the name is that stands here, without a colon; 0: there is none.</summary>
    public static int NameLength(ReadOnlySpan<byte> text)
    {
        int length = text.IndexOfAnyExcept(NameCharacters);
        length = length < 0 ? text.Length : length;
        return length == 0 || text[0] is (byte)'-' or (byte)'.' or (>= (byte)'0' and <= (byte)'9') ? 0 : length;
    }

    /// <summary>How long the name is with its prefix.</summary>
    public static int QualifiedNameLength(ReadOnlySpan<byte> text)
    {
        int first = NameLength(text);
        return first > 0 && first < text.Length && text[first] == ':' ? first + 1 + NameLength(text[(first + 1)..]) : first;
    }

    /// <summary>Text or the value of an attribute: references are resolved, line ends become one (XML 1.0 §2.11, §3.3.3). False: a reference that means nothing.</summary>
    public static bool TryUnescape(ReadOnlySpan<byte> written, bool isValue, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!written.ContainsAny("&\r\t\n"u8))
        {
            text = Encoding.UTF8.GetString(written);
            return true;
        }

        var result = new StringBuilder(written.Length);
        while (!written.IsEmpty)
        {
            int length = written.IndexOfAny("&\r\t\n"u8);
            result.Append(Encoding.UTF8.GetString(length < 0 ? written : written[..length]));
            written = length < 0 ? default : written[length..];
            if (written.IsEmpty)
            {
                break;
            }

            if (written[0] == '&')
            {
                if (!TryResolve(ref written, result))
                {
                    return false;
                }
            }
            else
            {
                result.Append(isValue ? ' ' : written[0] == '\t' ? '\t' : '\n');
                written = written.StartsWith("\r\n"u8) ? written[2..] : written[1..];
            }
        }

        text = result.ToString();
        return true;
    }

    // XML 1.0 §4.1, §4.6: numbers of characters, and the five names that need no declaration.
    private static bool TryResolve(ref ReadOnlySpan<byte> written, StringBuilder result)
    {
        int end = written.IndexOf((byte)';');
        var name = end < 0 ? default : written[1..end];
        written = end < 0 ? default : written[(end + 1)..];
        if (name is [(byte)'#', ..])
        {
            bool isHexadecimal = name is [_, (byte)'x', ..];
            bool isNumber = int.TryParse(name[(isHexadecimal ? 2 : 1)..], isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            if (!isNumber || !Rune.IsValid(number) || number is (< ' ' and not ('\t' or '\r' or '\n')) or 0xFFFE or 0xFFFF)
            {
                return false;
            }

            result.Append(new Rune(number).ToString());
            return true;
        }

        char? character = name switch
        {
            [(byte)'l', (byte)'t'] => '<',
            [(byte)'g', (byte)'t'] => '>',
            [(byte)'a', (byte)'m', (byte)'p'] => '&',
            [(byte)'q', (byte)'u', (byte)'o', (byte)'t'] => '"',
            [(byte)'a', (byte)'p', (byte)'o', (byte)'s'] => '\'',
            _ => null,
        };
        result.Append(character);
        return character is not null;
    }

    private static string? Charset(ReadOnlySpan<byte> body)
    {
        int end = body.StartsWith("<?xml"u8) ? body.IndexOf("?>"u8) : -1;
        return end < 0 || Value(body[..end], "encoding"u8) is not { IsEmpty: false } value ? null : Encoding.Latin1.GetString(value);
    }

    // The value of a pseudo-attribute of the declaration; empty when there is none.
    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> declaration, ReadOnlySpan<byte> name)
    {
        int at = declaration.IndexOf(name);
        var rest = at < 0 ? default : declaration[(at + name.Length)..].TrimStart(" \t\r\n"u8);
        rest = rest is [(byte)'=', ..] ? rest[1..].TrimStart(" \t\r\n"u8) : default;
        int end = rest.IsEmpty ? -1 : rest[1..].IndexOf(rest[0]);
        return end < 0 || rest[0] is not ((byte)'"' or (byte)'\'') ? default : rest.Slice(1, end);
    }
}
