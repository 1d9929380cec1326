// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Sip;

/// <summary>A telephone number as a URI (RFC 3966). Equal when the numbers are, without their visual separators.</summary>
public sealed class TelUri : AnyUri, IEquatable<TelUri>
{
    private readonly string _text;

    private TelUri(string text, string number, SipParameters parameters)
    {
        _text = text;
        Number = number;
        Parameters = parameters;
    }

    /// <inheritdoc/>
    public override string Scheme => "tel";

    /// <summary>The number without visual separators: <c>+</c> and digits for a global one, else digits, letters A to F, <c>*</c> and <c>#</c>.</summary>
    public string Number { get; }

    /// <summary>Whether the number is a global one, with a leading <c>+</c>.</summary>
    public bool IsGlobal => Number[0] == '+';

    /// <summary>The parameters, such as <c>phone-context</c>.</summary>
    public SipParameters Parameters { get; }

    /// <inheritdoc/>
    public bool Equals(TelUri? other) => other is not null && Number.Equals(other.Number, StringComparison.OrdinalIgnoreCase)
        && string.Equals(Parameters.Get("phone-context"), other.Parameters.Get("phone-context"), StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TelUri);

    /// <inheritdoc/>
    public override int GetHashCode() => Number.GetHashCode(StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => _text;

    internal static bool HasScheme(ReadOnlySpan<byte> text) => text.Length > 4 && Ascii.EqualsIgnoreCase(text[..4], "tel:"u8);

    internal static TelUri? TryRead(ReadOnlySpan<byte> text)
    {
        var rest = text[4..];
        int end = rest.IndexOf((byte)';');
        var digits = end < 0 ? rest : rest[..end];
        var number = new StringBuilder(digits.Length);
        foreach (byte b in digits)
        {
            if (b is (byte)'-' or (byte)'.' or (byte)'(' or (byte)')')
            {
                continue;
            }

            bool plus = b == '+' && number.Length == 0;
            if (!plus && !char.IsAsciiHexDigit((char)b) && b is not ((byte)'*' or (byte)'#'))
            {
                return null;
            }

            number.Append((char)b);
        }

        if (number.Length == 0 || (number.Length == 1 && number[0] == '+') || !UriParameters.TryParse(end < 0 ? default : rest[end..], out SipParameters parameters))
        {
            return null;
        }

        return new TelUri(Characters.Text(text), number.ToString(), parameters);
    }
}
