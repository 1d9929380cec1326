// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>How a call's media is set up.</summary>
public sealed record MediaSessionOptions
{
    /// <summary>What we send; silence unless set.</summary>
    public IAudioSource Source { get; init; } = SilenceSource.Instance;

    /// <summary>Where what we hear goes: a frame every 20 ms from the first packet on, silence while nothing comes.</summary>
    public IAudioSink Sink { get; init; } = NullSink.Instance;

    /// <summary>Who is told of digits, of ICMP errors and of the end; null for nobody.</summary>
    public IMediaObserver? Observer { get; init; }

    /// <summary>Our canonical name in RTCP; a random one (RFC 7022 §4.2) unless set. At most 255 bytes are sent.</summary>
    public string? Cname { get; init; }

    /// <summary>Our synchronisation source; random unless set (RFC 3550 §8).</summary>
    public uint? Ssrc { get; init; }

    /// <summary>The least mean time between two RTCP reports; 5 s (RFC 3550 §6.2) unless set. The first comes after half of it.</summary>
    public TimeSpan MinimumReportInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The delay of what is played.</summary>
    public JitterBufferOptions JitterBuffer { get; init; } = new();

    /// <summary>Where random numbers come from: the system's cryptographic generator unless set, for repeatable tests.</summary>
    public Func<uint>? RandomNumbers { get; init; }
}
