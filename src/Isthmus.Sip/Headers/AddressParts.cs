// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>Where the parts of a name-addr or addr-spec with its parameters (RFC 3261 §20.10) stand in it.</summary>
internal struct AddressParts
{
    public int DisplayEnd;
    public int UriStart;
    public int UriEnd;
    public int ParametersStart;

    /// <summary>The first tag.</summary>
    public ParameterPlace Tag;

    /// <summary>Whether a tag stands there without a value.</summary>
    public bool HasBareTag { get; private set; }

    /// <summary>Reads a value without white space around it.</summary>
    public static bool TryScan(ReadOnlySpan<byte> text, out AddressParts parts)
    {
        if (!TryOpen(text, out parts))
        {
            return false;
        }

        // Nearly always a SIP URI in brackets, which shows its own end.
        int end = parts.UriEnd == 0 ? SipUriParts.Scan(text, parts.UriStart, out _) : -1;
        if (Scan.Is(text, end, '>'))
        {
            (parts.UriEnd, parts.ParametersStart) = (end, end + 1);
        }
        else if (!parts.TryClose(text) || !AnyUri.IsUri(text[parts.UriStart..parts.UriEnd]))
        {
            return false;
        }

        return parts.ScanParameters(text);
    }

    /// <summary>Finds display name, URI and parameters, and does not look into the last two.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> text, out AddressParts parts) => TryOpen(text, out parts) && parts.TryClose(text);

    // Where the URI begins; and where it ends, if it stands without brackets.
    private static bool TryOpen(ReadOnlySpan<byte> text, out AddressParts parts)
    {
        parts = default;
        if (!text.IsEmpty && text[0] == '<')
        {
            parts.UriStart = 1;
            return true;
        }

        int quoted = !text.IsEmpty && text[0] == '"' ? QuotedString.Length(text) : 0;
        int open = text[quoted..].IndexOf((byte)'<') + quoted;
        if (open < quoted)
        {
            // addr-spec: what follows a semicolon belongs to the header (RFC 3261 §20), and a URI with ? or , must not stand here.
            int semicolon = text.IndexOf((byte)';');
            parts.ParametersStart = semicolon < 0 ? text.Length : semicolon;
            parts.UriEnd = Scan.BeforeWhite(text[..parts.ParametersStart], 0);
            return parts.UriEnd > 0 && text[0] != '"' && text[..parts.UriEnd].IndexOfAny((byte)'?', (byte)',') < 0;
        }

        parts.DisplayEnd = Scan.BeforeWhite(text[..open], 0);
        parts.UriStart = open + 1;
        return text[0] == '"' ? quoted > 0 && parts.DisplayEnd == quoted : IsDisplayName(text[..parts.DisplayEnd]);
    }

    private bool TryClose(ReadOnlySpan<byte> text)
    {
        if (UriEnd == 0)
        {
            UriEnd = UriStart + text[UriStart..].IndexOf((byte)'>');
            ParametersStart = UriEnd + 1;
        }

        return UriEnd >= UriStart;
    }

    private bool ScanParameters(ReadOnlySpan<byte> text) => ParametersStart == text.Length || IsTagAlone(text) || ScanAnyParameters(text);

    // ";tag=" and a token are all parameters that most addresses have.
    private bool IsTagAlone(ReadOnlySpan<byte> text)
    {
        int start = ParametersStart + ";tag=".Length;
        if (start >= text.Length || !text[ParametersStart..].StartsWith(";tag="u8) || Scan.Over(text, start, Characters.ParameterValue) < text.Length)
        {
            return false;
        }

        Tag = new() { NameEnd = start - 1, ValueStart = start, ValueEnd = text.Length };
        return true;
    }

    private bool ScanAnyParameters(ReadOnlySpan<byte> text)
    {
        var walk = new ParameterWalk(text, ParametersStart);
        for (int count = 1; walk.MoveNext(); count++)
        {
            if (count > SipParameters.Most)
            {
                return false;
            }

            if (walk.Name.Length == 3 && walk.IsNamed("tag"u8))
            {
                HasBareTag |= !walk.Place.HasValue;
                Tag = Tag.IsThere ? Tag : walk.Place;
            }
        }

        return walk.IsWhole;
    }

    // display-name = *(token LWS) / quoted-string; octets above 127 are let through, since phones write names in UTF-8 without quotes.
    private static bool IsDisplayName(ReadOnlySpan<byte> display)
    {
        foreach (byte octet in display)
        {
            if (octet < 128 && !Characters.Token.Has(octet) && !Characters.IsWhite(octet))
            {
                return false;
            }
        }

        return true;
    }
}
