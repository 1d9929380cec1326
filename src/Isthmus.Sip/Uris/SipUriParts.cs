// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Isthmus.Sip;

/// <summary>Where the parts of a SIP URI stand in its text: what routing reads before anything is made of it.</summary>
internal struct SipUriParts
{
    private int _userStart;
    private int _userEnd;
    private int _passwordEnd;
    private int _hostStart;
    private int _hostEnd;
    private int _port;
    private int _parametersStart;
    private int _parametersEnd;
    private int _end;

    public readonly bool IsSecure => _userStart == "sips:".Length;

    public readonly bool HasUser => _userEnd > 0;

    public readonly bool HasPassword => _passwordEnd > 0;

    public readonly Range User => _userStart..Math.Max(_userStart, _userEnd);

    public readonly Range Password => HasPassword ? (_userEnd + 1).._passwordEnd : default;

    public readonly Range Host => _hostStart.._hostEnd;

    public readonly int? Port => _port >= 0 ? _port : null;

    /// <summary>From the first semicolon.</summary>
    public readonly Range Parameters => _parametersStart.._parametersEnd;

    /// <summary>Behind the question mark.</summary>
    public readonly Range Headers => Math.Min(_parametersEnd + 1, _end).._end;

    public readonly bool HasHeaders => _parametersEnd < _end;

    public static bool HasSipScheme(ReadOnlySpan<byte> text) => SchemeLength(text) > 0;

    /// <summary>Reads a sip or sips URI in one pass; false when the text is not one (RFC 3261 §19.1.1, RFC 5954).</summary>
    public static bool TryScan(ReadOnlySpan<byte> text, out SipUriParts parts)
    {
        parts = default;
        int at = SchemeLength(text);
        if (at == 0)
        {
            return false;
        }

        parts._userStart = at;
        parts._port = -1;
        parts._end = text.Length;
        at = parts.ScanUser(text, at);
        parts._hostStart = at;
        if (!Sip.Host.TryScan(text, at, out at))
        {
            return false;
        }

        parts._hostEnd = at;
        if (at < text.Length && text[at] == ':')
        {
            at = Numbers.Scan(text, at + 1, 65535, out uint port);
            parts._port = (int)port;
            if (at < 0)
            {
                return false;
            }
        }

        parts._parametersStart = at;
        at = UriParameters.Scan(text, at);
        parts._parametersEnd = at;
        return at == text.Length || (at > 0 && text[at] == '?' && at + 1 < text.Length && Scan.OverEscaped(text, at + 1, Characters.UriHeader) == text.Length);
    }

    // Only what an @ ends is a user: everything that may stand in a user may stand before the host's end too, but an @ may not.
    private int ScanUser(ReadOnlySpan<byte> text, int start)
    {
        int at = Scan.OverEscaped(text, start, Characters.User);
        int userEnd = at, passwordEnd = 0;
        if (at < text.Length && text[at] == ':')
        {
            passwordEnd = at = Scan.OverEscaped(text, at + 1, Characters.Password);
        }

        if (userEnd == start || at >= text.Length || text[at] != '@')
        {
            return start;
        }

        (_userEnd, _passwordEnd) = (userEnd, passwordEnd);
        return at + 1;
    }

    // "sip:" or "sips:" in any case, with something behind it.
    private static int SchemeLength(ReadOnlySpan<byte> text)
    {
        if (text.Length <= 4)
        {
            return 0;
        }

        // No octet but the letter itself becomes this letter; the colon stays what it is.
        uint lower = BinaryPrimitives.ReadUInt32BigEndian(text) | 0x20202020;
        return lower == 0x7369703a && text[3] == ':' ? 4 : lower == 0x73697073 && text.Length > 5 && text[4] == ':' ? 5 : 0;
    }
}
