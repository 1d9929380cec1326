// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>The sixteen DTMF digits as telephone-events 0 to 15 (RFC 4733 §3.2).</summary>
public static class Dtmf
{
    /// <summary>The name in <c>a=rtpmap</c>.</summary>
    public const string EncodingName = "telephone-event";

    /// <summary>What <c>a=fmtp</c> says of the events that we send and understand.</summary>
    public const string Events = "0-15";

    private const string Digits = "0123456789*#ABCD";

    /// <summary>True for 0 to 9, *, # and A to D in any case.</summary>
    public static bool IsDigit(char digit) => Digits.Contains(char.ToUpperInvariant(digit), StringComparison.Ordinal);

    internal static byte EventOf(char digit) => (byte)Digits.IndexOf(char.ToUpperInvariant(digit), StringComparison.Ordinal);

    internal static char? DigitOf(byte code) => code < Digits.Length ? Digits[code] : null;
}
