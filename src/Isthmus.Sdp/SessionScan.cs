// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
        if (body.Length > Limits.MaxBytes || !body.StartsWith("v=0\r\n"u8))
        {
            return false;
        }

        int at = "v=0\r\n".Length;
        for (int lines = 2; (uint)at < (uint)body.Length; lines++)
        {
            int end = PlainEnd(body, at);
            if (lines > Limits.MaxLines || end < at + 2 || body[at + 1] != '=' || !TryTake(body[at], body[(at + 2)..end]))
            {
                return false;
            }

            at = BehindLineEnd(body, end);
        }

        EndMedia();
        summary = new(_all, _anyLive && _allIce);
        return _hasOrigin && at > 0;
    }

    // Where the printable ASCII ends that begins there: at the line's end in a body of the usual kind.
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // called once
    private static int PlainEnd(ReadOnlySpan<byte> body, int at)
    {
        for (; at <= body.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            // As signed numbers, control characters and what is not ASCII are less than a space.
            Vector128<sbyte> octets = Vector128.Create(body.Slice(at, Vector128<byte>.Count)).AsSByte();
            uint others = Vector128.LessThan(octets, Vector128.Create((sbyte)' ')).ExtractMostSignificantBits();
            if (others != 0)
            {
                return at + BitOperations.TrailingZeroCount(others);
            }
        }

        while (at < body.Length && (sbyte)body[at] >= ' ')
        {
            at++;
        }

        return at;
    }

    // A line ends with LF or CRLF, or with the body; negative where something else stands.
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // called once
    private static int BehindLineEnd(ReadOnlySpan<byte> body, int at)
    {
        at += at < body.Length && body[at] == '\r' ? 1 : 0;
        return at >= body.Length || body[at] == '\n' ? at + 1 : -1;
    }

    private bool TryTake(byte type, ReadOnlySpan<byte> value) => type switch
    {
        (byte)'a' => TryTakeAttribute(value),
        (byte)'o' => !_hasOrigin && _media == 0 && (_hasOrigin = PlainFields.IsOrigin(value)),
        (byte)'s' => !_hasName && _media == 0 && (_hasName = true),
        (byte)'c' => TryTakeConnection(value),
        (byte)'m' => TryTakeMedia(value),
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
