// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace Isthmus.Sdp;

/// <summary>One media line and what belongs to it, <c>m=</c> (RFC 8866 §5.14). Immutable.</summary>
public sealed class MediaDescription : SdpSection
{
    private MediaDescription(ImmutableArray<SdpLine> lines, string kind, int port, int portCount, string protocol, ImmutableArray<string> formats)
        : base(lines) => (Kind, Port, PortCount, Protocol, Formats) = (kind, port, portCount, protocol, formats);

    /// <summary><c>audio</c>, <c>video</c>, <c>text</c>, <c>image</c>, <c>application</c>, …</summary>
    public string Kind { get; }

    /// <summary>0 to 65535; 0: rejected or not wanted (RFC 3264 §6).</summary>
    public int Port { get; }

    /// <summary>How many pairs of ports follow one another; usually 1.</summary>
    public int PortCount { get; }

    /// <summary>Such as <c>RTP/AVP</c>.</summary>
    public string Protocol { get; }

    /// <summary>The formats in order of preference; for RTP the payload types.</summary>
    public ImmutableArray<string> Formats { get; }

    /// <summary>Whether the line carries media: its port is not 0.</summary>
    public bool IsLive => Port != 0;

    /// <summary>The name of the line in groups (<c>a=mid</c>, RFC 5888); null when it has none.</summary>
    public string? Mid => Attribute("mid");

    /// <summary>The ICE candidates that can be read.</summary>
    public IEnumerable<IceCandidate> Candidates => AttributeValues("candidate").Select(IceCandidate.Parse).OfType<IceCandidate>();

    /// <summary>The alternative addresses (<c>a=altc</c>, RFC 6947) that can be read.</summary>
    public IEnumerable<AlternativeAddress> Alternatives => AttributeValues("altc").Select(AlternativeAddress.Parse).OfType<AlternativeAddress>();

    /// <summary>The RTP formats that are known, by <c>a=rtpmap</c> or by their static payload type, in the order of the line.</summary>
    public IEnumerable<RtpCodec> Codecs
    {
        get
        {
            var maps = AttributeValues("rtpmap").Select(RtpCodec.OfRtpMap).OfType<RtpCodec>().ToLookup(static map => map.PayloadType);
            var parameters = AttributeValues("fmtp").Select(FormatAndParameters).ToLookup(static pair => pair.Format, static pair => pair.Parameters);
            var codecs = new List<RtpCodec>();
            foreach (var format in Formats)
            {
                if (TryReadPayloadType(format, out var payloadType) && (maps[payloadType].FirstOrDefault() ?? RtpCodec.OfStatic(payloadType)) is { } codec)
                {
                    codecs.Add(codec with { Parameters = parameters[format].FirstOrDefault() ?? codec.Parameters });
                }
            }

            return codecs;
        }
    }

    /// <summary>What <c>a=ptime</c> asks for (RFC 8866 §6.4); null when absent or unreadable.</summary>
    public TimeSpan? PacketTime =>
        int.TryParse(Attribute("ptime"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is > 0 and <= 1000
            ? TimeSpan.FromMilliseconds(milliseconds) : null;

    /// <summary>Where RTCP goes (<c>a=rtcp</c>, RFC 3605); null when absent or unreadable: the port after the media's.</summary>
    public RtcpAddress? Rtcp => Attribute("rtcp") is { } value ? RtcpAddress.Parse(value) : null;

    /// <summary>Makes a media line.</summary>
    /// <exception cref="ArgumentException">Kind, protocol or a format is no token, there is no format, or the port is not 0 to 65535.</exception>
    public static MediaDescription Create(
        string kind, int port, string protocol, IEnumerable<string> formats, ConnectionData? connection = null, IEnumerable<SdpAttribute>? attributes = null)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{kind} {port} {protocol} {string.Join(' ', formats)}");
        var lines = ImmutableArray.CreateBuilder<SdpLine>();
        lines.Add(new('m', text));
        if (connection is not null)
        {
            lines.Add(new('c', connection.ToString()));
        }

        lines.AddRange((attributes ?? []).Select(static attribute => attribute.ToLine()));
        return TryParse(lines.ToImmutable(), SdpLimits.Default, out var media, out var reason) ? media : throw new ArgumentException(reason);
    }

    /// <summary>What <c>a=fmtp</c> says about a format (RFC 8866 §6.15); null when nothing.</summary>
    public string? FormatParameters(string format) =>
        AttributeValues("fmtp").Select(FormatAndParameters).FirstOrDefault(pair => pair.Format == format).Parameters;

    internal static bool TryParse(
        ImmutableArray<SdpLine> lines,
        SdpLimits limits,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MediaDescription? media,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? reason)
    {
        media = null;
        var fields = new Fields(lines[0].Value);
        var kind = fields.Next();
        var ports = fields.Next();
        var protocol = fields.Next();
        var slash = ports.IndexOf('/');
        var count = 1;
        ushort port = 0;
        reason = kind.IsEmpty || protocol.IsEmpty ? "a media line has too few fields"
            : !ushort.TryParse(slash < 0 ? ports : ports[..slash], NumberStyles.None, CultureInfo.InvariantCulture, out port) ? "a media line's port is not 0 to 65535"
            : slash >= 0 && !(int.TryParse(ports[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0)
                ? "a media line's port count is not a number"
            : fields.Rest.IsEmpty ? "a media line names no format"
            : fields.Rest.Count(' ') >= limits.MaxFormats ? "a media line names too many formats"
            : null;
        if (reason is not null)
        {
            return false;
        }

        var formats = fields.Rest.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        media = new(lines, kind.ToString(), port, count, protocol.ToString(), [.. formats]);
        return true;
    }

    private static (string Format, string Parameters) FormatAndParameters(string value)
    {
        var fields = new Fields(value);
        return (fields.Next().ToString(), fields.Rest.ToString());
    }

    private static bool TryReadPayloadType(string format, out byte payloadType) =>
        byte.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out payloadType) && payloadType <= 127;
}
