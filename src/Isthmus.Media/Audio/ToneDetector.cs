// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>
/// Says which tone is heard: looks at each 200 ms with Goertzel's algorithm under a Hann window, from 50 to 3900 Hz.
/// </summary>
public sealed class ToneDetector : IAudioSink
{
    private const int WindowSamples = 1600;
    private const int Lowest = 50;
    private const int Highest = 3900;
    private const int CoarseSamples = 400;
    private const int CoarseStep = 20; // half of half the main lobe of 50 ms
    private const int FineStep = 5;
    private const int SameToneHz = 5;

    private readonly Lock _gate = new();
    private readonly short[] _window = new short[WindowSamples];
    private int _filled;
    private ToneReading? _latest;
    private ToneReading? _candidate;
    private int _votes;
    private int _windows;
    private int _cleanWindows;

    /// <summary>The last 200 ms; null before there were any.</summary>
    public ToneReading? Latest
    {
        get
        {
            lock (_gate)
                return _latest;
        }
    }

    /// <summary>The clean tone that most of the clean windows had; null when none was clean.</summary>
    public ToneReading? Heard
    {
        get
        {
            lock (_gate)
                return _candidate;
        }
    }

    /// <summary>Stretches of 200 ms looked at.</summary>
    public int Windows => Volatile.Read(ref _windows);

    /// <summary>Those of them that were one clean tone.</summary>
    public int CleanWindows => Volatile.Read(ref _cleanWindows);

    public void Write(ReadOnlySpan<short> frame)
    {
        while (!frame.IsEmpty)
        {
            int take = Math.Min(frame.Length, WindowSamples - _filled);
            frame[..take].CopyTo(_window.AsSpan(_filled));
            _filled += take;
            frame = frame[take..];
            if (_filled == WindowSamples)
            {
                _filled = 0;
                Count(Analyse(_window));
            }
        }
    }

    /// <summary>Looks at a stretch of 8 kHz audio; 200 ms give 1 Hz of precision, shorter ones less.</summary>
    public static ToneReading Analyse(ReadOnlySpan<short> samples)
    {
        double level = Decibels.OfPower(Decibels.PowerOf(samples));
        if (samples.Length < 16 || level <= Decibels.Silence)
            return new ToneReading(0, level, 0);

        // Roughly in the middle 50 ms, then finely in the whole: an eighth of the work of looking everywhere finely.
        int coarse = Math.Min(samples.Length, CoarseSamples);
        int best = Strongest(Windowed(samples.Slice((samples.Length - coarse) / 2, coarse)), Lowest, Highest, CoarseStep);
        double[] windowed = Windowed(samples);
        best = Strongest(windowed, best - CoarseStep, best + CoarseStep, FineStep);
        best = Strongest(windowed, best - FineStep, best + FineStep, 1);

        // A Hann window's weights sum up to half their number, their squares to 3/8 of it.
        double amplitude = 2 * Math.Sqrt(Power(windowed, best)) / (samples.Length / 2.0);
        double meanPower = windowed.Sum(sample => sample * sample) / (samples.Length * 0.375);
        double purity = meanPower > 0 ? Math.Clamp(amplitude * amplitude / 2 / meanPower, 0, 1) : 0;
        return new ToneReading(best, level, purity);
    }

    public void Dispose()
    {
    }

    private void Count(ToneReading reading)
    {
        lock (_gate)
        {
            _latest = reading;
            _windows++;
            if (!reading.IsClean)
                return;

            // Boyer and Moore's majority vote: no list of frequencies to keep.
            _cleanWindows++;
            if (_votes > 0 && _candidate is { } candidate)
            {
                bool same = Math.Abs(candidate.FrequencyHz - reading.FrequencyHz) <= SameToneHz;
                _votes += same ? 1 : -1;
                if (same)
                    _candidate = reading;
                return;
            }

            _candidate = reading;
            _votes = 1;
        }
    }

    private static double[] Windowed(ReadOnlySpan<short> samples)
    {
        double[] windowed = new double[samples.Length];
        for (int i = 0; i < samples.Length; i++)
            windowed[i] = samples[i] * (0.5 - (0.5 * Math.Cos(Math.Tau * i / samples.Length)));
        return windowed;
    }

    private static int Strongest(double[] samples, int from, int to, int step)
    {
        int best = from;
        double most = -1;
        for (int frequency = from; frequency <= to; frequency += step)
        {
            double power = Power(samples, frequency);
            if (power > most)
                (best, most) = (frequency, power);
        }

        return best;
    }

    private static double Power(double[] samples, int frequency)
    {
        double coefficient = 2 * Math.Cos(Math.Tau * frequency / AudioFrame.SampleRate);
        double s1 = 0;
        double s2 = 0;
        foreach (double sample in samples)
        {
            double s0 = sample + (coefficient * s1) - s2;
            s2 = s1;
            s1 = s0;
        }

        return Math.Max(0, (s1 * s1) + (s2 * s2) - (coefficient * s1 * s2));
    }
}
