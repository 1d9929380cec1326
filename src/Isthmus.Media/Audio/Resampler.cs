// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Isthmus.Media;

/// <summary>Makes 8 kHz mono of other rates: interpolates upwards, averages downwards (a mild low pass). Good enough for speech.</summary>
internal static class Resampler
{
    public static short[] ToTelephone(ReadOnlySpan<byte> pcm, WavFormat format)
    {
        short[] mono = Mono(pcm, format.Channels);
        if (format.SampleRate == AudioFrame.SampleRate || mono.Length == 0)
            return mono;

        double ratio = format.SampleRate / (double)AudioFrame.SampleRate;
        short[] result = new short[Math.Max(1, (int)(mono.Length / ratio))];
        for (int i = 0; i < result.Length; i++)
            result[i] = ratio > 1 ? Average(mono, i * ratio, (i + 1) * ratio) : Interpolate(mono, i * ratio);
        return result;
    }

    private static short[] Mono(ReadOnlySpan<byte> pcm, int channels)
    {
        short[] mono = new short[pcm.Length / (2 * channels)];
        for (int i = 0; i < mono.Length; i++)
        {
            int left = BinaryPrimitives.ReadInt16LittleEndian(pcm[(2 * channels * i)..]);
            int right = channels == 1 ? left : BinaryPrimitives.ReadInt16LittleEndian(pcm[((4 * i) + 2)..]);
            mono[i] = (short)((left + right) / 2);
        }

        return mono;
    }

    private static short Interpolate(short[] samples, double position)
    {
        int at = Math.Min((int)position, samples.Length - 1);
        int next = Math.Min(at + 1, samples.Length - 1);
        return (short)Math.Round(samples[at] + ((samples[next] - samples[at]) * (position - at)));
    }

    /// <summary>The mean over [from, to), its partial samples weighed by their part.</summary>
    private static short Average(short[] samples, double from, double to)
    {
        double sum = 0;
        double weights = 0;
        for (int at = (int)from; at < to && at < samples.Length; at++)
        {
            double weight = Math.Min(at + 1, to) - Math.Max(at, from);
            sum += samples[at] * weight;
            weights += weight;
        }

        return weights > 0 ? (short)Math.Round(sum / weights) : (short)0;
    }
}
