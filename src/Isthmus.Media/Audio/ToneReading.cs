// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>What a stretch of audio sounds like.</summary>
/// <param name="FrequencyHz">The frequency that dominates, to about 1 Hz; 0 for silence.</param>
/// <param name="LevelDb">Of the whole signal, in dB below a full-scale sine.</param>
/// <param name="Purity">The share of the power that this frequency has, 0 to 1.</param>
public readonly record struct ToneReading(double FrequencyHz, double LevelDb, double Purity)
{
    /// <summary>Loud enough to be heard (-50 dB) and hardly anything but the tone.</summary>
    public bool IsClean => LevelDb > -50 && Purity > 0.8;

    /// <summary>True for a clean tone within <paramref name="toleranceHz"/> of <paramref name="frequencyHz"/>.</summary>
    public bool IsTone(double frequencyHz, double toleranceHz = 5) => IsClean && Math.Abs(FrequencyHz - frequencyHz) <= toleranceHz;
}
