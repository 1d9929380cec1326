// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>A state of a call, as the streams report it.</summary>
/// <param name="Phase">Where the call stands.</param>
/// <param name="At">When it came to stand there.</param>
public sealed record CallState(CallPhase Phase, DateTimeOffset At)
{
    /// <summary><see cref="CallPhase.Calling"/>: the version of the signalling path; <see cref="CallPhase.Redirected"/>: the version that is tried now;
    /// <see cref="CallPhase.EarlyMedia"/>, <see cref="CallPhase.Established"/> and <see cref="CallPhase.Held"/>: the version of the media.</summary>
    public IpVersion? Version { get; init; }

    /// <summary>The SIP status that led here; 0 when none did.</summary>
    public int Status { get; init; }

    /// <summary>Who holds the call.</summary>
    public HoldState Hold { get; init; }

    /// <summary>How the call ended; only with <see cref="CallPhase.Ended"/>.</summary>
    public CallResult? Result { get; init; }
}
