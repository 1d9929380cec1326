// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>Levels in dBov: 0 is the power of a sine at full scale, silence is <see cref="Silence"/>.</summary>
internal static class Decibels
{
    public const double Silence = -96;

    private const double FullScalePower = 32767.0 * 32767.0 / 2;

    public static double OfPower(double power) => power <= 0 ? Silence : Math.Max(Silence, 10 * Math.Log10(power / FullScalePower));

    public static double AmplitudeOf(double level) => 32767 * Math.Pow(10, level / 20);

    public static double PowerOf(ReadOnlySpan<short> samples)
    {
        double sum = 0;
        foreach (short sample in samples)
            sum += (double)sample * sample;
        return samples.IsEmpty ? 0 : sum / samples.Length;
    }
}
