// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Isthmus.Sip;

/// <summary>
/// name-addr or addr-spec with its parameters: From, To, Contact, Route, Record-Route, Path, Service-Route (RFC 3261 §20.10). Immutable.
/// </summary>
public sealed class NameAddr
{
    /// <summary>A value made here.</summary>
    public NameAddr(AnyUri uri, string? displayName = null, SipParameters parameters = default) => (Uri, DisplayName, Parameters) = (uri, displayName, parameters);

    /// <summary>The display name without quotes; null where there is none.</summary>
    public string? DisplayName { get; }

    /// <summary>The URI.</summary>
    public AnyUri Uri { get; }

    /// <summary>The URI when it is a SIP one.</summary>
    public SipUri? SipUri => Uri as SipUri;

    /// <summary>The header parameters.</summary>
    public SipParameters Parameters { get; }

    /// <summary>The <c>tag</c> (RFC 3261 §19.3).</summary>
    public string? Tag => Parameters.Get("tag");

    /// <summary>The <c>q</c> of a Contact, 0 to 1; null when absent or malformed.</summary>
    public double? Q => double.TryParse(Parameters.Get("q"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double q) && q is >= 0 and <= 1 ? q : null;

    /// <summary>The <c>expires</c> of a Contact in seconds; null when absent or malformed (RFC 3261 §10.2.1.1: then as if it were absent).</summary>
    public int? Expires => Parameters.Get("expires") is { } text && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint seconds) ? (int)Math.Min(seconds, int.MaxValue) : null;

    /// <summary>Reads one value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out NameAddr? value)
    {
        value = null;
        if (!TrySplit(text, out ReadOnlySpan<byte> display, out ReadOnlySpan<byte> address, out ReadOnlySpan<byte> tail)
            || !AnyUri.TryParse(address, out AnyUri? uri) || !SipParameters.TryParse(tail, out SipParameters parameters))
        {
            return false;
        }

        string? name = display.IsEmpty ? null : display[0] == '"' ? QuotedString.Content(display) : Characters.Unfolded(display);
        value = new(uri, name, parameters);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out NameAddr?)"/>
    public static bool TryParse(string text, [NotNullWhen(true)] out NameAddr? value) => TryParse(Encoding.UTF8.GetBytes(text), out value);

    /// <summary>The same value with a parameter set.</summary>
    public NameAddr With(string name, string? value = null) => new(Uri, DisplayName, Parameters.With(name, value));

    /// <summary>The same value with another URI.</summary>
    public NameAddr WithUri(AnyUri uri) => new(uri, DisplayName, Parameters);

    /// <summary>The value in the name-addr form.</summary>
    public override string ToString() => DisplayName is null ? $"<{Uri}>{Parameters}" : $"{QuotedString.Quote(DisplayName)} <{Uri}>{Parameters}";

    /// <summary>Whether the text is well formed, and its tag; makes nothing.</summary>
    internal static bool TryScan(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> tag)
    {
        tag = default;
        return TrySplit(text, out _, out ReadOnlySpan<byte> address, out ReadOnlySpan<byte> tail) && AnyUri.IsUri(address) && SipParameters.TryScan(tail, "tag"u8, out tag);
    }

    internal static bool TrySplit(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> display, out ReadOnlySpan<byte> address, out ReadOnlySpan<byte> tail)
    {
        display = address = tail = default;
        text = Characters.Trim(text);
        int from = 0;
        if (!text.IsEmpty && text[0] == '"')
        {
            from = QuotedString.Length(text);
            if (from == 0)
            {
                return false;
            }
        }

        int open = text[from..].IndexOf((byte)'<');
        if (open < 0)
        {
            // addr-spec: what follows a semicolon belongs to the header (RFC 3261 §20), and a URI with ? or , must not stand here.
            int semicolon = text.IndexOf((byte)';');
            address = Characters.Trim(semicolon < 0 ? text : text[..semicolon]);
            tail = semicolon < 0 ? default : text[semicolon..];
            return from == 0 && address.IndexOfAny((byte)'?', (byte)',') < 0;
        }

        open += from;
        display = Characters.Trim(text[..open]);
        int close = text[open..].IndexOf((byte)'>');
        if (close < 0 || !IsDisplayName(display, from))
        {
            return false;
        }

        address = text[(open + 1)..(open + close)];
        tail = text[(open + close + 1)..];
        return true;
    }

    // display-name = *(token LWS) / quoted-string; octets above 127 are let through, since phones write names in UTF-8 without quotes.
    private static bool IsDisplayName(ReadOnlySpan<byte> display, int quoted)
    {
        if (quoted > 0)
        {
            return display.Length == quoted;
        }

        foreach (byte b in display)
        {
            if (b < 128 && !Characters.IsWhite(b) && !Characters.Token.Contains(b))
            {
                return false;
            }
        }

        return true;
    }
}
