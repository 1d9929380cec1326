// SPDX-License-Identifier: Apache-2.0
using Isthmus.Media;
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>How a call ended.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Status">The SIP status that ended it (200 for a BYE); 408 when no answer came, 503 when the request could not be sent, 0 when no message was involved.</param>
/// <param name="Reason">The reason phrase, or what stood in the way.</param>
public sealed record CallResult(CallOutcome Outcome, int Status, string Reason)
{
    /// <summary>The text of the Warning header (RFC 3261 §20.43) of the answer that ended it, if any.</summary>
    public string? Warning { get; init; }

    /// <summary>Whether the other side, or a server on the way, ended it.</summary>
    public bool ByRemote { get; init; }

    /// <summary>Whether it was answered.</summary>
    public bool WasAnswered { get; init; }

    /// <summary>From the answer to the end; zero if it was never answered.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The version by which this phone's signalling ran last.</summary>
    public IpVersion? SignallingVersion { get; init; }

    /// <summary>The version of the media; null if there was none.</summary>
    public IpVersion? MediaVersion { get; init; }

    /// <summary>The codec of the media; null if there was none.</summary>
    public AudioCodec? Codec { get; init; }

    /// <summary>The versions that the call was redirected to, in order.</summary>
    public IReadOnlyList<IpVersion> Redirects { get; init; } = [];

    /// <summary>What the media did; null if there was none.</summary>
    public MediaStatistics? Statistics { get; init; }
}
