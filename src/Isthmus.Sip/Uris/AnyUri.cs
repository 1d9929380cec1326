// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Isthmus.Sip;

/// <summary>A URI as SIP carries them: <see cref="SipUri"/>, <see cref="TelUri"/>, or one of another scheme. Immutable.</summary>
public abstract class AnyUri
{
    private protected AnyUri()
    {
    }

    /// <summary>The scheme in lower case, such as <c>sip</c>.</summary>
    public abstract string Scheme { get; }

    /// <summary>The URI as it is written.</summary>
    public abstract override string ToString();

    /// <summary>Reads a URI; false when it is none. A scheme that is not known gives an <see cref="OtherUri"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out AnyUri? uri)
    {
        uri = null;
        if (SipUriParts.HasSipScheme(text))
        {
            uri = SipUriParts.TryScan(text, out SipUriParts parts) ? new SipUri(text, parts) : null;
        }
        else if (TelUri.HasScheme(text))
        {
            uri = TelUri.TryRead(text);
        }
        else if (IsOther(text))
        {
            uri = new OtherUri(Characters.Text(text));
        }

        return uri is not null;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out AnyUri?)"/>
    public static bool TryParse(string text, [NotNullWhen(true)] out AnyUri? uri) => TryParse(Encoding.UTF8.GetBytes(text), out uri);

    /// <summary>Whether the text is a URI, without making one.</summary>
    internal static bool IsUri(ReadOnlySpan<byte> text) =>
        SipUriParts.HasSipScheme(text) ? SipUriParts.TryScan(text, out _) : TelUri.HasScheme(text) ? TelUri.IsWellFormed(text) : IsOther(text);

    private static bool IsOther(ReadOnlySpan<byte> text)
    {
        int colon = text.IndexOf((byte)':');
        return colon > 0 && char.IsAsciiLetter((char)text[0]) && Characters.Are(text[..colon], Characters.Scheme)
            && Characters.Are(text[(colon + 1)..], Characters.Uric) && Characters.EscapesAreWhole(text);
    }
}
