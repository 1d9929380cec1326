// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Isthmus.Sdp;

/// <summary>Writes the media lines of offers and answers.</summary>
internal static class AudioLine
{
    public static MediaDescription Write(LocalAudio local, IReadOnlyList<RtpCodec> codecs, MediaDirection direction)
    {
        var attributes = new List<SdpAttribute>();
        foreach (var codec in codecs)
        {
            attributes.Add(codec.ToRtpMap());
            if (codec.ToParameters() is { } parameters)
            {
                attributes.Add(parameters);
            }
        }

        if (local.PacketTime is { } time)
        {
            attributes.Add(new("ptime", ((int)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)));
        }

        if (local.RtcpPort is { } port && port != local.Rtp.Port + 1)
        {
            attributes.Add(new("rtcp", new RtcpAddress(port).ToString()));
        }

        attributes.Add(new(direction.AttributeName));
        return MediaDescription.Create(
            "audio", local.Rtp.Port, "RTP/AVP", codecs.Select(static codec => codec.PayloadType.ToString(CultureInfo.InvariantCulture)), null, attributes);
    }

    /// <summary>The same line with port 0 and nothing more (RFC 3264 §6); it still names a format, as the grammar wants.</summary>
    public static MediaDescription Reject(MediaDescription media) => MediaDescription.Create(media.Kind, 0, media.Protocol, media.Formats.Take(1));
}
