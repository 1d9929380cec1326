// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Isthmus.Sdp;

/// <summary>Proposed bandwidth, <c>b=</c> (RFC 8866 §5.8).</summary>
/// <param name="Type"><c>AS</c>, <c>CT</c>, <c>TIAS</c>, …</param>
/// <param name="Value">Kilobits per second for AS and CT, bits per second for TIAS, RS and RR.</param>
public readonly record struct Bandwidth(string Type, ulong Value)
{
    /// <summary>Reads the value of a <c>b=</c> line.</summary>
    public static bool TryParse(string value, out Bandwidth bandwidth)
    {
        bandwidth = default;
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !ulong.TryParse(value.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        bandwidth = new(value[..colon], number);
        return true;
    }

    /// <summary>The value of the line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Type}:{Value}");
}
