// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Sip;

/// <summary>A telephone number as a URI (RFC 3966). Equal when the numbers are, without their visual separators.</summary>
public sealed class TelUri : AnyUri, IEquatable<TelUri>
{
    private readonly string _text;

    private static ReadOnlySpan<byte> Prefix => "tel:"u8;

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

    internal static bool HasScheme(ReadOnlySpan<byte> text) => text.Length > Prefix.Length && Ascii.EqualsIgnoreCase(text[..Prefix.Length], Prefix);

    /// <summary>Whether the text, which has the scheme, is well formed; makes nothing.</summary>
    internal static bool IsWellFormed(ReadOnlySpan<byte> text)
    {
        Split(text, out ReadOnlySpan<byte> number, out ReadOnlySpan<byte> parameters);
        bool hasPlus = false, hasDigit = false;
        foreach (byte b in number)
        {
            if (char.IsAsciiHexDigit((char)b) || b is (byte)'*' or (byte)'#')
            {
                hasDigit = true;
            }
            else if (b == '+' && !hasPlus && !hasDigit)
            {
                hasPlus = true;
            }
            else if (!IsSeparator(b))
            {
                return false;
            }
        }

        return hasDigit && UriParameters.IsWellFormed(parameters);
    }

    internal static TelUri? TryRead(ReadOnlySpan<byte> text)
    {
        if (!IsWellFormed(text))
        {
            return null;
        }

        Split(text, out ReadOnlySpan<byte> number, out ReadOnlySpan<byte> tail);
        var bare = new StringBuilder(number.Length);
        foreach (byte b in number)
        {
            if (!IsSeparator(b))
            {
                bare.Append((char)b);
            }
        }

        _ = UriParameters.TryParse(tail, out SipParameters parameters); // looked at before
        return new TelUri(Characters.Text(text), bare.ToString(), parameters);
    }

    private static void Split(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> number, out ReadOnlySpan<byte> parameters)
    {
        text = text[Prefix.Length..];
        int end = text.IndexOf((byte)';');
        number = end < 0 ? text : text[..end];
        parameters = end < 0 ? default : text[end..];
    }

    // visual-separator of RFC 3966
    private static bool IsSeparator(byte value) => value is (byte)'-' or (byte)'.' or (byte)'(' or (byte)')';
}
