// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>How long received audio may wait for packets that are late or out of order.</summary>
public sealed record JitterBufferOptions
{
    /// <summary>The delay of a stream without jitter: 20 to 200 ms; 40 ms unless set.</summary>
    public TimeSpan MinimumDelay { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>The most that jitter makes of it: up to 400 ms; 200 ms unless set.</summary>
    public TimeSpan MaximumDelay { get; init; } = TimeSpan.FromMilliseconds(200);
}
