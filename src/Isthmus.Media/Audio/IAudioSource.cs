// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>Where the audio that we send comes from: 8 kHz, mono, 16 bits.</summary>
public interface IAudioSource : IDisposable
{
    /// <summary>
    /// Fills <paramref name="frame"/> (160 samples) and says how many samples it had; the rest is sent as silence.
    /// Called every 20 ms by one thread at a time. Must not wait or throw.
    /// </summary>
    int Read(Span<short> frame);
}
