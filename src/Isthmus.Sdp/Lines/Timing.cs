// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Isthmus.Sdp;

/// <summary>When the session is, <c>t=</c> (RFC 8866 §5.9), in seconds since 1900-01-01 UTC; 0 and 0 for a call.</summary>
/// <param name="Start">Its start; 0: permanent.</param>
/// <param name="Stop">Its end; 0: unbounded.</param>
public readonly record struct Timing(ulong Start, ulong Stop)
{
    /// <summary>Reads the value of a <c>t=</c> line.</summary>
    public static bool TryParse(string value, out Timing timing)
    {
        var fields = new Fields(value);
        var good = ulong.TryParse(fields.Next(), NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            & ulong.TryParse(fields.Next(), NumberStyles.None, CultureInfo.InvariantCulture, out var stop) & fields.Rest.IsEmpty;
        timing = good ? new(start, stop) : default;
        return good;
    }

    /// <summary>The value of the line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start} {Stop}");
}
