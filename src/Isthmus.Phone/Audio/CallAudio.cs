// SPDX-License-Identifier: Apache-2.0
using Isthmus.Media;

namespace Isthmus.Phone;

/// <summary>The sound of one call.</summary>
/// <param name="Source">What the other side hears.</param>
/// <param name="Sink">Where that which the other side says goes.</param>
public sealed record CallAudio(IAudioSource Source, IAudioSink Sink)
{
    /// <summary>Says nothing, hears nothing.</summary>
    public static CallAudio Silent { get; } = new(SilenceSource.Instance, NullSink.Instance);
}
