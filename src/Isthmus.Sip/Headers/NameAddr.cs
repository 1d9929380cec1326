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
        text = Characters.Trim(text);
        if (!AddressParts.TrySplit(text, out AddressParts parts) || !AnyUri.TryParse(text[parts.UriStart..parts.UriEnd], out AnyUri? uri)
            || !SipParameters.TryParse(text[parts.ParametersStart..], out SipParameters parameters))
        {
            return false;
        }

        var display = text[..parts.DisplayEnd];
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
}
