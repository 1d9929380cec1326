// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Isthmus.Sdp;

/// <summary>A format of an RTP media line: payload type, encoding and its parameters (RFC 8866 §6.6, §6.15).</summary>
/// <param name="PayloadType">0 to 127; 96 and above are dynamic.</param>
/// <param name="Encoding">The encoding's name; case does not count.</param>
/// <param name="ClockRate">Hz.</param>
/// <param name="Channels">From 1.</param>
/// <param name="Parameters">What <c>a=fmtp</c> says; null when nothing.</param>
public sealed record RtpCodec(byte PayloadType, string Encoding, int ClockRate, int Channels = 1, string? Parameters = null)
{
    /// <summary>G.711 µ-law, payload type 0.</summary>
    public static RtpCodec Pcmu { get; } = new(0, "PCMU", 8000);

    /// <summary>G.711 A-law, payload type 8.</summary>
    public static RtpCodec Pcma { get; } = new(8, "PCMA", 8000);

    /// <summary>DTMF digits as named events 0 to 15 (RFC 4733), by custom payload type 101.</summary>
    public static RtpCodec TelephoneEvent { get; } = new(101, "telephone-event", 8000, 1, "0-15");

    /// <summary>PCMU, PCMA and telephone-event, in this order.</summary>
    public static IReadOnlyList<RtpCodec> Telephone { get; } = [Pcmu, Pcma, TelephoneEvent];

    /// <summary>Whether this is telephone-event, which carries digits and no sound.</summary>
    public bool IsTelephoneEvent => Encoding.Equals("telephone-event", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether both name the same encoding, whatever their payload types and parameters.</summary>
    public bool IsSameEncoding(RtpCodec other) =>
        Encoding.Equals(other.Encoding, StringComparison.OrdinalIgnoreCase) && ClockRate == other.ClockRate && Channels == other.Channels;

    /// <summary>Reads the value of <c>a=rtpmap</c>.</summary>
    internal static RtpCodec? OfRtpMap(string value)
    {
        var fields = new Fields(value);
        if (!byte.TryParse(fields.Next(), NumberStyles.None, CultureInfo.InvariantCulture, out var payloadType) || payloadType > 127)
        {
            return null;
        }

        var mapping = fields.Next();
        var slash = mapping.IndexOf('/');
        if (slash <= 0)
        {
            return null;
        }

        var encoding = mapping[..slash];
        var rest = mapping[(slash + 1)..];
        slash = rest.IndexOf('/');
        var rate = slash < 0 ? rest : rest[..slash];
        var channels = 1;
        if (!int.TryParse(rate, NumberStyles.None, CultureInfo.InvariantCulture, out var clockRate)
            || (slash >= 0 && !int.TryParse(rest[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out channels)))
        {
            return null;
        }

        return new(payloadType, encoding.ToString(), clockRate, channels);
    }

    /// <summary>The codec that a static payload type means without <c>a=rtpmap</c> (RFC 3551 §6); null if none.</summary>
    internal static RtpCodec? OfStatic(byte payloadType) => payloadType switch
    {
        0 => Pcmu,
        3 => new(3, "GSM", 8000),
        4 => new(4, "G723", 8000),
        8 => Pcma,
        9 => new(9, "G722", 8000),
        13 => new(13, "CN", 8000),
        15 => new(15, "G728", 8000),
        18 => new(18, "G729", 8000),
        _ => null,
    };

    internal SdpAttribute ToRtpMap() =>
        new("rtpmap", string.Create(CultureInfo.InvariantCulture, $"{PayloadType} {Encoding}/{ClockRate}{(Channels == 1 ? "" : $"/{Channels}")}"));

    internal SdpAttribute? ToParameters() =>
        Parameters is null ? null : new("fmtp", string.Create(CultureInfo.InvariantCulture, $"{PayloadType} {Parameters}"));
}
