// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Isthmus.Sip;

/// <summary>CSeq (RFC 3261 §20.16).</summary>
/// <param name="Number">0 to 2^32-1; below 2^31 in what we send (RFC 3261 §8.1.1.5).</param>
/// <param name="Method">The method.</param>
public readonly record struct CSeq(uint Number, SipMethod Method)
{
    /// <summary>Reads <c>number LWS method</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out CSeq value)
    {
        value = default;
        text = Characters.Trim(text);
        int gap = text.IndexOfAny(" \t\r\n"u8);
        if (gap <= 0 || !Numbers.TryParse(text[..gap], uint.MaxValue, out uint number))
        {
            return false;
        }

        bool isOne = SipMethod.TryRead(Characters.Trim(text[gap..]), out SipMethod method);
        value = isOne ? new(number, method) : default;
        return isOne;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} {Method}");
}
