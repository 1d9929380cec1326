// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Sdp;

/// <summary>
/// One walk over the bytes of a body of the usual kind: ASCII, fields parted by one space, addresses rather than names. Whatever is
/// otherwise ends the walk, and the body is read whole; so this need not know what is forgiven and what is a fault.
/// </summary>
internal ref struct SessionScan
{
    private static readonly SdpLimits Limits = SdpLimits.Default;

    private IpVersions? _all;
    private IpVersion? _sessionVersion;
    private bool _hasOrigin;
    private bool _hasName;
    private bool _sessionHasFragment;
    private bool _anyLive;
    private bool _allIce;
    private int _media;

    // Of the media line that the walk is in.
    private bool _isLive;
    private IpVersion? _version;
    private bool _hasFragment;
    private bool _hasCandidate;

    public SessionScan() => (_all, _allIce) = (IpVersions.Both, true);

    public bool TryRead(ReadOnlySpan<byte> body, out SessionSummary summary)
    {
        summary = default;
        if (body.Length > Limits.MaxBytes || !body.StartsWith("v=0\r\n"u8) || !Ascii.IsValid(body))
        {
            return false;
        }

        body = body["v=0\r\n".Length..];
        for (int lines = 2; !body.IsEmpty; lines++)
        {
            if (lines > Limits.MaxLines || !TryTakeLine(ref body, out var line) || line.Length < 2 || line[1] != '=' || !TryTake(line[0], line[2..]))
            {
                return false;
            }
        }

        EndMedia();
        summary = new(_all, _anyLive && _allIce);
        return _hasOrigin;
    }

    // A line and its end: LF or CRLF, or that of the body. Neither NUL nor another CR stands in it.
    private static bool TryTakeLine(scoped ref ReadOnlySpan<byte> body, out ReadOnlySpan<byte> line)
    {
        int end = body.IndexOfAny((byte)0, (byte)'\r', (byte)'\n');
        line = end < 0 ? body : body[..end];
        int isCr = end >= 0 && body[end] == '\r' ? 1 : 0;
        if (end < 0 || end + isCr == body.Length)
        {
            body = [];
            return true;
        }

        bool isLine = body[end + isCr] == '\n';
        body = body[(end + isCr + 1)..];
        return isLine;
    }

    private bool TryTake(byte type, ReadOnlySpan<byte> value) => type switch
    {
        (byte)'o' => !_hasOrigin && _media == 0 && (_hasOrigin = PlainFields.IsOrigin(value)),
        (byte)'s' => !_hasName && _media == 0 && (_hasName = true),
        (byte)'c' => TryTakeConnection(value),
        (byte)'m' => TryTakeMedia(value),
        (byte)'a' => TryTakeAttribute(value),
        (byte)'v' => false,
        _ => char.IsAsciiLetter((char)type),
    };

    // Of several c= lines of a section the first counts.
    private bool TryTakeConnection(ReadOnlySpan<byte> value)
    {
        if (PlainFields.ConnectionVersion(value) is not { } version)
        {
            return false;
        }

        if (_media == 0)
        {
            _sessionVersion ??= version;
        }
        else
        {
            _version ??= version;
        }

        return true;
    }

    private bool TryTakeMedia(ReadOnlySpan<byte> value)
    {
        EndMedia();
        if (++_media > Limits.MaxMedia || !PlainFields.TryReadMedia(value, Limits.MaxFormats, out int port))
        {
            return false;
        }

        (_isLive, _version, _hasFragment, _hasCandidate) = (port != 0, null, false, false);
        return true;
    }

    private bool TryTakeAttribute(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value[0] is not ((byte)'i' or (byte)'c'))
        {
            return true;
        }

        if (value.StartsWith("ice-ufrag"u8) && (value.Length == "ice-ufrag".Length || value["ice-ufrag".Length] == ':'))
        {
            _sessionHasFragment |= _media == 0;
            _hasFragment |= _media > 0;
        }
        else if (value.StartsWith("candidate:"u8) && _media > 0)
        {
            _hasCandidate = true;
            return PlainFields.IsCandidate(value["candidate:".Length..]);
        }

        return true;
    }

    private void EndMedia()
    {
        if (_media > 0 && _isLive)
        {
            _anyLive = true;
            _allIce &= _hasCandidate && (_hasFragment || _sessionHasFragment);
            _all = (_version ?? _sessionVersion) is { } version ? _all & version.AsSet : null;
        }
    }
}
