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
    public static bool TryScan(ReadOnlySpan<byte> text, out AddressParts parts) =>
        TrySplit(text, out parts) && AnyUri.IsUri(text[parts.UriStart..parts.UriEnd]) && parts.ScanParameters(text);

    /// <summary>Finds display name, URI and parameters, and does not look into the last two.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> text, out AddressParts parts)
    {
        parts = default;
        int quoted = 0;
        if (!text.IsEmpty && text[0] == '"')
        {
            quoted = QuotedString.Length(text);
            if (quoted == 0)
            {
                return false;
            }
        }

        int open = !text.IsEmpty && text[0] == '<' ? 0 : text[quoted..].IndexOf((byte)'<');
        if (open < 0)
        {
            // addr-spec: what follows a semicolon belongs to the header (RFC 3261 §20), and a URI with ? or , must not stand here.
            int semicolon = text.IndexOf((byte)';');
            parts.ParametersStart = semicolon < 0 ? text.Length : semicolon;
            parts.UriEnd = Characters.Trim(text[..parts.ParametersStart]).Length;
            return quoted == 0 && text[..parts.UriEnd].IndexOfAny((byte)'?', (byte)',') < 0;
        }

        open += quoted;
        int close = text[open..].IndexOf((byte)'>');
        parts.DisplayEnd = Characters.Trim(text[..open]).Length;
        parts.UriStart = open + 1;
        parts.UriEnd = open + close;
        parts.ParametersStart = parts.UriEnd + 1;
        return close >= 0 && (quoted > 0 ? parts.DisplayEnd == quoted : IsDisplayName(text[..parts.DisplayEnd]));
    }

    private bool ScanParameters(ReadOnlySpan<byte> text)
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
