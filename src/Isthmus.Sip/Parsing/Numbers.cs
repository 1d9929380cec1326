// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>Decimal numbers as SIP writes them: digits only, leading zeros allowed.</summary>
internal static class Numbers
{
    /// <summary>Of the largest number that is written.</summary>
    public const int MostDigits = 10;

    /// <summary>Reads 1*DIGIT; false when it is no number or more than <paramref name="max"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, uint max, out uint value)
    {
        value = 0;
        ulong sum = 0;
        foreach (byte b in text)
        {
            if (b is < (byte)'0' or > (byte)'9' || (sum = (sum * 10) + (uint)(b - '0')) > max)
            {
                return false;
            }
        }

        value = (uint)sum;
        return !text.IsEmpty;
    }

    /// <summary>Where 1*DIGIT ends, and its value; negative when there is no digit or the number is more than <paramref name="max"/>.</summary>
    public static int Scan(ReadOnlySpan<byte> text, int at, uint max, out uint value)
    {
        int start = at;
        ulong sum = 0;
        for (; (uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9; at++)
        {
            sum = (sum * 10) + (uint)(text[at] - '0');
            if (sum > max)
            {
                value = 0;
                return -1;
            }
        }

        value = (uint)sum;
        return at > start ? at : -1;
    }

    /// <summary>Writes the number, and says how many digits that are; there must be room for them.</summary>
    public static int Write(uint value, Span<byte> target)
    {
        int digits = 1;
        for (uint rest = value; rest >= 10; rest /= 10)
        {
            digits++;
        }

        for (int at = digits - 1; at >= 0; at--)
        {
            (value, uint digit) = Math.DivRem(value, 10);
            target[at] = (byte)('0' + digit);
        }

        return digits;
    }

    /// <summary>Whether the text is digits only.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
