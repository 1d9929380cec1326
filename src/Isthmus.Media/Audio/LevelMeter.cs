// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>How loud the other side is, in dB below a full-scale sine; -96 for silence.</summary>
public sealed class LevelMeter : IAudioSink
{
    private const double Memory = 0.8; // of 20 ms frames: about 100 ms

    private double _power;
    private double _peak;

    /// <summary>The mean of about the last 100 ms.</summary>
    public double LevelDb => Decibels.OfPower(Volatile.Read(ref _power));

    /// <summary>The loudest frame so far.</summary>
    public double PeakDb => Decibels.OfPower(Volatile.Read(ref _peak));

    public void Write(ReadOnlySpan<short> frame)
    {
        double power = Decibels.PowerOf(frame);
        Volatile.Write(ref _power, (_power * Memory) + (power * (1 - Memory)));
        Volatile.Write(ref _peak, Math.Max(_peak, power));
    }

    public void Dispose()
    {
    }
}
