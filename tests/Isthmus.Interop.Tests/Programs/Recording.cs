// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>16-bit mono WAV files: the tone that a program plays, and what the other side recorded of it.</summary>
internal sealed record Recording(int SampleRate, short[] Samples)
{
    private const int HeaderLength = 44;
    private const int PlayRate = 8000;

    public TimeSpan Length => TimeSpan.FromSeconds((double)Samples.Length / SampleRate);

    /// <summary>Writes a sine wave of <paramref name="hertz"/>, long enough for any test's call.</summary>
    public static string WriteTone(string path, double hertz, int seconds = 60)
    {
        var data = new byte[HeaderLength + (PlayRate * seconds * sizeof(short))];
        "RIFF"u8.CopyTo(data);
        BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(4), data.Length - 8);
        "WAVEfmt "u8.CopyTo(data.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(24), PlayRate);
        BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(28), PlayRate * sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(32), sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(34), 16);
        "data"u8.CopyTo(data.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(40), data.Length - HeaderLength);
        for (var i = 0; i < PlayRate * seconds; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(HeaderLength + (i * sizeof(short))), (short)(12_000 * Math.Sin(2 * Math.PI * hertz * i / PlayRate)));
        }

        File.WriteAllBytes(path, data);
        return path;
    }

    /// <summary>Reads a file, also one whose header was not finished because its writer was killed.</summary>
    public static Recording Read(string path)
    {
        var data = File.ReadAllBytes(path);
        var rate = PlayRate;
        var at = 12;
        while (at + 8 <= data.Length)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(data.AsSpan(at + 4));
            if (data.AsSpan(at, 4).SequenceEqual("fmt "u8))
            {
                rate = BinaryPrimitives.ReadInt32LittleEndian(data.AsSpan(at + 12));
            }
            else if (data.AsSpan(at, 4).SequenceEqual("data"u8))
            {
                var samples = data.AsSpan(at + 8);
                if (length > 0 && length < samples.Length)
                {
                    samples = samples[..length];
                }

                return new Recording(rate, [.. Enumerable.Range(0, samples.Length / 2).Select(i => BinaryPrimitives.ReadInt16LittleEndian(data.AsSpan(at + 8 + (i * 2))))]);
            }

            at += 8 + Math.Max(length, 0);
        }

        return new Recording(rate, []);
    }

    /// <summary>How much of the loudest half second is a tone of <paramref name="hertz"/>: 1 for a pure one, 0 for silence (Goertzel's algorithm).</summary>
    public double ShareOf(double hertz)
    {
        var block = SampleRate / 2;
        var best = 0.0;
        for (var start = 0; start + block <= Samples.Length; start += block / 2)
        {
            best = Math.Max(best, ShareOf(Samples.AsSpan(start, block), hertz));
        }

        return best;
    }

    /// <summary>Fails unless this is a recording of the tone.</summary>
    public void AssertTone(double hertz)
    {
        Assert.True(Length > TimeSpan.FromSeconds(0.5), $"only {Length.TotalSeconds:0.00} s were recorded");
        var share = ShareOf(hertz);
        Assert.True(share > 0.7, $"{hertz} Hz is {share:P0} of what was recorded in {Length.TotalSeconds:0.00} s");
    }

    private double ShareOf(ReadOnlySpan<short> samples, double hertz)
    {
        var coefficient = 2 * Math.Cos(2 * Math.PI * hertz / SampleRate);
        double previous = 0, beforePrevious = 0, energy = 0;
        foreach (var sample in samples)
        {
            (previous, beforePrevious) = (sample + (coefficient * previous) - beforePrevious, previous);
            energy += (double)sample * sample;
        }

        // Quieter than a whisper is silence, whatever its spectrum.
        var power = (previous * previous) + (beforePrevious * beforePrevious) - (coefficient * previous * beforePrevious);
        return energy / samples.Length < 100 * 100 ? 0 : power * 2 / (energy * samples.Length);
    }
}
