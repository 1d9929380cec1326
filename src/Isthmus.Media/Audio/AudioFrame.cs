// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>The unit in which audio moves: 20 ms of 8 kHz mono, 16 bits a sample.</summary>
public static class AudioFrame
{
    /// <summary>In Hz.</summary>
    public const int SampleRate = 8000;

    /// <summary>160.</summary>
    public const int Samples = 160;

    /// <summary>20 ms.</summary>
    public static TimeSpan Duration => TimeSpan.FromMilliseconds(20);
}
