// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;

namespace Isthmus.Sip;

/// <summary>
/// One name-addr or addr-spec with its parameters (RFC 3261 §20.10), read where it stands: it says what <see cref="NameAddr"/> says and makes nothing.
/// Valid as long as the bytes are. Values of parameters come without their quotes.
/// </summary>
public readonly ref struct AddressView
{
    private readonly AddressParts _parts;

    internal AddressView(ReadOnlySpan<byte> text, scoped in AddressParts parts)
    {
        Text = text;
        _parts = parts;
    }

    /// <summary>The whole value.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>The display name as it is written, with its quotes; empty where there is none.</summary>
    public ReadOnlySpan<byte> DisplayName => Text[.._parts.DisplayEnd];

    /// <summary>The URI.</summary>
    public ReadOnlySpan<byte> Uri => Text[_parts.UriStart.._parts.UriEnd];

    /// <summary>The header parameters as they are written, from the first semicolon; empty where there are none.</summary>
    public ReadOnlySpan<byte> Parameters => Text[_parts.ParametersStart..];

    /// <summary>Whether there is a <c>tag</c>.</summary>
    public bool HasTag => _parts.Tag.IsThere;

    /// <summary>The <c>tag</c> (RFC 3261 §19.3); empty when absent.</summary>
    public ReadOnlySpan<byte> Tag => _parts.Tag.Content(Text);

    /// <summary>The <c>expires</c> of a Contact in seconds; null when absent or malformed (RFC 3261 §10.2.1.1: then as if it were absent).</summary>
    public int? Expires => TryGet("expires"u8, out ReadOnlySpan<byte> value) && Numbers.TryParse(value, uint.MaxValue, out uint seconds) ? (int)Math.Min(seconds, int.MaxValue) : null;

    /// <summary>The <c>q</c> of a Contact, 0 to 1; null when absent or malformed.</summary>
    public double? Q => TryGet("q"u8, out ReadOnlySpan<byte> value) && Characters.Are(value, Characters.DottedQuad)
        && Utf8Parser.TryParse(value, out double q, out int read) && read == value.Length && q is >= 0 and <= 1 ? q : null;

    /// <summary>Reads one value; false when <see cref="NameAddr"/> could not read it either.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out AddressView view)
    {
        text = Characters.Trim(text);
        bool isOne = AddressParts.TryScan(text, out AddressParts parts);
        view = isOne ? new(text, parts) : default;
        return isOne;
    }

    /// <summary>Whether the parameter is there.</summary>
    public bool Has(ReadOnlySpan<byte> name) => new ParameterWalk(Text, _parts.ParametersStart).MoveTo(name);

    /// <summary>Whether the parameter is there, and its value; empty where it has none.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var walk = new ParameterWalk(Text, _parts.ParametersStart);
        bool isThere = walk.MoveTo(name);
        value = isThere ? walk.Place.Content(Text) : default;
        return isThere;
    }

    /// <summary>Reads the URI when it is a SIP one.</summary>
    public bool TryGetSipUri(out SipUriView uri) => SipUriView.TryRead(Uri, out uri);
}
