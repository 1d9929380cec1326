// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Text;

namespace Isthmus.Sip;

/// <summary>The character classes of RFC 3261 §25.1. The percent sign of escapes is in none of those that know escapes: see <see cref="Scan.OverEscaped"/>.</summary>
internal static class Characters
{
    private const ulong WhiteBits = (1UL << ' ') | (1UL << '\t') | (1UL << '\r') | (1UL << '\n');
    private const string AlphaNum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Mark = "-_.!~*'()";

    /// <summary>token</summary>
    public static readonly OctetSet Token = OctetSet.Of(AlphaNum + "-.!%*_+`'~");

    /// <summary>word, the letters of a Call-ID</summary>
    public static readonly OctetSet Word = OctetSet.Of(AlphaNum + "-.!%*_+`'~()<>:\\\"/[]?{}");

    /// <summary>user: what an address-of-record writes without an escape</summary>
    public static readonly OctetSet User = OctetSet.Of(AlphaNum + Mark + "&=+$,;?/");

    /// <summary>password</summary>
    public static readonly OctetSet Password = OctetSet.Of(AlphaNum + Mark + "&=+$,");

    /// <summary>paramchar</summary>
    public static readonly OctetSet UriParameter = OctetSet.Of(AlphaNum + Mark + "[]/:&+$");

    /// <summary>hname and hvalue with &amp; and =</summary>
    public static readonly OctetSet UriHeader = OctetSet.Of(AlphaNum + Mark + "[]/?:+$&=");

    /// <summary>what ends an element of a comma list, or hides a comma</summary>
    public static readonly OctetSet ListStops = OctetSet.Of(",\"<>");

    /// <summary>scheme</summary>
    public static readonly OctetSet Scheme = OctetSet.Of(AlphaNum + "+-.");

    /// <summary>What may stand in any other absolute URI (RFC 2396 uric), with the escape's percent.</summary>
    public static readonly OctetSet Uric = OctetSet.Of(AlphaNum + Mark + ";/?:@&=+$,%[]#");

    /// <summary>letters, digits, hyphen, dot, and the underscore that real host names hold</summary>
    public static readonly OctetSet HostName = OctetSet.Of(AlphaNum + "-._");

    /// <summary>digits and dot</summary>
    public static readonly OctetSet DottedQuad = OctetSet.Of("0123456789.");

    /// <summary>gen-value of a header parameter without quotes: token or host</summary>
    public static readonly OctetSet ParameterValue = OctetSet.Of(AlphaNum + "-.!%*_+`'~[]:");

    public static bool IsToken(ReadOnlySpan<byte> text) => Are(text, Token);

    /// <summary>Whether there are octets, and all are of the set.</summary>
    public static bool Are(ReadOnlySpan<byte> text, in OctetSet set) => !text.IsEmpty && Scan.Over(text, 0, set) == text.Length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // nearly always no after one comparison
    public static bool IsWhite(byte value) => value <= ' ' && ((WhiteBits >> value) & 1) != 0;

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        int start = Scan.OverWhite(text, 0);
        return text[start..Scan.BeforeWhite(text, start)];
    }

    /// <summary>Whether every percent sign begins an escape of two hexadecimal digits.</summary>
    public static bool EscapesAreWhole(ReadOnlySpan<byte> text)
    {
        int at;
        while ((at = text.IndexOf((byte)'%')) >= 0)
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit((char)text[at + 1]) || !char.IsAsciiHexDigit((char)text[at + 2]))
            {
                return false;
            }

            text = text[(at + 3)..];
        }

        return true;
    }

    /// <summary>Text for people and for typed headers: UTF-8, with what is not UTF-8 replaced.</summary>
    public static string Text(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? "" : Encoding.UTF8.GetString(bytes);

    /// <summary>As <see cref="Text"/>, with every fold (CRLF and white space) made one space (RFC 3261 §7.3.1).</summary>
    public static string Unfolded(ReadOnlySpan<byte> bytes) => UnfoldedInside(Trim(bytes));

    /// <summary>As <see cref="Unfolded"/>, with the white space around it kept: what stands in quotes is meant as written.</summary>
    public static string UnfoldedInside(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOf((byte)'\n') < 0)
        {
            return Text(bytes);
        }

        var target = new byte[bytes.Length];
        int length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] is not ((byte)'\r' or (byte)'\n'))
            {
                target[length++] = bytes[i];
                continue;
            }

            while (length > 0 && target[length - 1] is (byte)' ' or (byte)'\t')
            {
                length--;
            }

            while (i + 1 < bytes.Length && IsWhite(bytes[i + 1]))
            {
                i++;
            }

            target[length++] = (byte)' ';
        }

        return Text(target.AsSpan(0, length));
    }
}
