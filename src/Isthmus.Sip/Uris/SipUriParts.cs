// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

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

    public bool IsSecure { get; private set; }

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
    public static bool TryScan(ReadOnlySpan<byte> text, out SipUriParts parts) => Scan(text, 0, out parts) == text.Length;

    /// <summary>Where the sip or sips URI that begins there ends; negative where none does. Its parts count from the text's beginning.</summary>
    public static int Scan(ReadOnlySpan<byte> text, int at, out SipUriParts parts)
    {
        parts = default;
        int scheme = SchemeLength(text[at..]);
        if (scheme == 0)
        {
            return -1;
        }

        parts.IsSecure = scheme == "sips:".Length;
        parts._userStart = at += scheme;
        parts._hostStart = at = parts.ScanUser(text, at);
        parts._hostEnd = at = HostText.Scan(text, at);
        parts._port = -1;
        if (Sip.Scan.Is(text, at, ':'))
        {
            at = Numbers.Scan(text, at + 1, 65535, out uint port);
            parts._port = (int)port;
        }

        parts._parametersStart = at;
        if (Sip.Scan.Is(text, at, ';'))
        {
            at = UriParameters.Scan(text, at);
        }

        parts._parametersEnd = at;
        if (Sip.Scan.Is(text, at, '?'))
        {
            at = Sip.Scan.OverEscaped(text, at + 1, Characters.UriHeader);
            at = at > parts._parametersEnd + 1 ? at : -1;
        }

        parts._end = at;
        return at;
    }

    // Only what an @ ends is a user: everything that may stand in a user may stand before the host's end too, but an @ may not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // called once
    private int ScanUser(ReadOnlySpan<byte> text, int start)
    {
        int at = Sip.Scan.OverEscaped(text, start, Characters.User);
        int userEnd = at, passwordEnd = 0;
        if (Sip.Scan.Is(text, at, ':'))
        {
            passwordEnd = at = Sip.Scan.OverEscaped(text, at + 1, Characters.Password);
        }

        if (userEnd == start || !Sip.Scan.Is(text, at, '@'))
        {
            return start;
        }

        (_userEnd, _passwordEnd) = (userEnd, passwordEnd);
        return at + 1;
    }

    // "sip:" or "sips:" in any case, with something behind it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
