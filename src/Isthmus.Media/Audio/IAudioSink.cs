// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>Where the audio that we hear goes: 8 kHz, mono, 16 bits.</summary>
public interface IAudioSink : IDisposable
{
    /// <summary>Takes 20 ms (160 samples), every 20 ms, from one thread at a time. Must not wait or throw.</summary>
    void Write(ReadOnlySpan<short> frame);
}
