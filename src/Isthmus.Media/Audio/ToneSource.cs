// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>A sine tone, for ever.</summary>
public sealed class ToneSource : IAudioSource
{
    private readonly double _amplitude;
    private readonly double _step;
    private double _phase;

    /// <param name="frequencyHz">Above 0 and below 4000.</param>
    /// <param name="levelDb">In dB below a full-scale sine: -96 to 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Either is out of range.</exception>
    public ToneSource(double frequencyHz, double levelDb = -10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frequencyHz);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(frequencyHz, AudioFrame.SampleRate / 2.0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levelDb, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(levelDb, Decibels.Silence);
        FrequencyHz = frequencyHz;
        _amplitude = Decibels.AmplitudeOf(levelDb);
        _step = Math.Tau * frequencyHz / AudioFrame.SampleRate;
    }

    public double FrequencyHz { get; }

    public int Read(Span<short> frame)
    {
        for (int i = 0; i < frame.Length; i++)
        {
            frame[i] = (short)Math.Round(_amplitude * Math.Sin(_phase));
            _phase += _step;
            if (_phase >= Math.Tau)
                _phase -= Math.Tau;
        }

        return frame.Length;
    }

    public void Dispose()
    {
    }
}
