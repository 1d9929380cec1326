// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Isthmus.Sdp;

/// <summary>
/// Reads a body line by line. Strict about what decides where media goes (<c>v= o= c= m=</c>), lenient about the rest: order within a section, times and
/// attributes are taken as they come, since a call should not fail for them.
/// </summary>
internal sealed class SdpReader(SdpLimits limits)
{
    private readonly List<SdpLine> _section = [];
    private readonly List<MediaDescription> _media = [];
    private ImmutableArray<SdpLine> _session;
    private Origin? _origin;
    private int _number;

    public bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out SessionDescription? session, [NotNullWhen(false)] out SdpFault? fault)
    {
        session = null;
        if (body.Length > limits.MaxBytes)
        {
            fault = new(0, "the body is larger than allowed");
            return false;
        }

        // Text is UTF-8; bodies in other charsets are kept byte for byte as Latin-1.
        var encoding = Utf8.IsValid(body) ? Encoding.UTF8 : Encoding.Latin1;
        var reason = ReadLines(encoding.GetString(body)) ?? EndSection() ?? (_origin is null ? "there is no o= line" : null);
        fault = null;
        if (reason is not null)
        {
            fault = new(_number, reason);
            return false;
        }

        session = new(_session, _origin!, [.. _media], encoding);
        return true;
    }

    private string? ReadLines(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf('\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? [] : text[(end + 1)..];
            line = line.EndsWith('\r') ? line[..^1] : line;
            if (++_number > limits.MaxLines)
            {
                return "there are more lines than allowed";
            }

            if (!line.IsEmpty && TakeLine(line) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private string? TakeLine(ReadOnlySpan<char> line)
    {
        if (line.Length < 2 || line[1] != '=' || !char.IsAsciiLetter(line[0]) || line.ContainsAny('\0', '\r'))
        {
            return "not a line of the form type=value";
        }

        var parsed = new SdpLine(line[0], line[2..].ToString());
        if (parsed.Type == 'm' && EndSection() is { } reason)
        {
            return reason;
        }

        if (Check(parsed) is { } fault)
        {
            return fault;
        }

        _section.Add(parsed);
        return null;
    }

    private string? Check(SdpLine line)
    {
        var inMedia = !_session.IsDefault;
        return line.Type switch
        {
            'v' => _section.Count > 0 || inMedia ? "a second v= line" : line.Value.Trim() == "0" ? null : "the version is not 0",
            _ when !inMedia && _section.Count == 0 => "the first line is not v=",
            'o' => _origin is not null || inMedia ? "a second or misplaced o= line" : Origin.TryParse(line.Value, out _origin) ? null : "the origin cannot be read",
            's' => inMedia || _section.Exists(static earlier => earlier.Type == 's') ? "a second or misplaced s= line" : null,
            'c' => ConnectionData.TryParse(line.Value, out _) ? null : "the connection data cannot be read",
            'm' => _media.Count >= limits.MaxMedia ? "there are more media lines than allowed" : null,
            _ => null,
        };
    }

    private string? EndSection()
    {
        if (_session.IsDefault)
        {
            _session = [.. _section];
            _section.Clear();
            return _session.IsEmpty ? "the first line is not v=" : null;
        }

        var good = MediaDescription.TryParse([.. _section], limits, out var media, out var reason);
        _section.Clear();
        if (good)
        {
            _media.Add(media!);
        }

        return reason;
    }
}
