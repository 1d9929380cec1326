// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Isthmus.Sdp;

/// <summary>Where RTCP is received, <c>a=rtcp</c> (RFC 3605).</summary>
/// <param name="Port">1 to 65535.</param>
/// <param name="Connection">The address; null: the media's own.</param>
public sealed record RtcpAddress(int Port, ConnectionData? Connection = null)
{
    /// <summary>Reads the attribute's value; null when it cannot be read.</summary>
    public static RtcpAddress? Parse(string value)
    {
        var fields = new Fields(value);
        if (!ushort.TryParse(fields.Next(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            return null;
        }

        return fields.Rest.IsEmpty ? new(port) : ConnectionData.TryParse(fields.Rest.ToString(), out var connection) ? new(port, connection) : null;
    }

    /// <summary>The attribute's value.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Port}{(Connection is null ? "" : $" {Connection}")}");
}
