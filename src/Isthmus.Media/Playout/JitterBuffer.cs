// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>What became of samples given to the buffer.</summary>
internal enum Arrival
{
    InTime,
    Late,
    Duplicate,
}

/// <summary>
/// Puts received samples in the order of their timestamps and gives them out 20 ms at a time. Its delay grows with late
/// packets and shrinks when the stream is calm; gaps are filled with the last frame, fading. It never holds more than
/// half a second. Not thread-safe.
/// </summary>
internal sealed class JitterBuffer
{
    public const int LongestPacket = 10 * AudioFrame.Samples;

    private const int Capacity = 4096; // 512 ms; a power of two
    private const int StreamEnds = 5; // frames without anything new: what comes next begins anew
    private const int CalmFrames = 50;
    private const int LateRunThatMeansJump = 10;

    private readonly short[] _samples = new short[Capacity];
    private readonly bool[] _present = new bool[Capacity];
    private readonly short[] _lastFrame = new short[AudioFrame.Samples];
    private readonly int _minimum;
    private readonly int _maximum;
    private uint _play;
    private uint _end;
    private bool _anchored;
    private bool _filling;
    private int _filled;
    private int _target;
    private int _growth;
    private int _emptyFrames;
    private int _lateRun;
    private int _calm;
    private int _leastDepth = int.MaxValue;
    private int _fade;

    public JitterBuffer(JitterBufferOptions options)
    {
        _minimum = Math.Clamp(SamplesOf(options.MinimumDelay), AudioFrame.Samples, 10 * AudioFrame.Samples);
        _maximum = Math.Clamp(SamplesOf(options.MaximumDelay), _minimum, 20 * AudioFrame.Samples);
        _target = _minimum;
    }

    /// <summary>20 ms frames that were not, or not wholly, there when they were due.</summary>
    public long Concealed { get; private set; }

    /// <summary>What waits to be played.</summary>
    public TimeSpan Depth => _anchored ? TimeSpan.FromSeconds(Math.Max(0, (int)(_end - _play)) / (double)AudioFrame.SampleRate) : TimeSpan.Zero;

    /// <param name="timestamp">Of the first sample.</param>
    /// <param name="samples">At most <see cref="LongestPacket"/>.</param>
    /// <param name="jitter">The stream's interarrival jitter, in timestamp units.</param>
    public Arrival Put(uint timestamp, ReadOnlySpan<short> samples, uint jitter)
    {
        if (samples.IsEmpty || samples.Length > LongestPacket)
            return Arrival.Duplicate;

        _target = (int)Math.Clamp(samples.Length + (3L * jitter), _minimum, _maximum);
        if (!_anchored || (int)(timestamp - _play) + samples.Length > Capacity)
            Anchor(timestamp);

        int offset = (int)(timestamp - _play);
        if (offset < 0 && _filling && -offset <= _target)
        {
            _play = timestamp; // the first two came in the wrong order
            offset = 0;
        }

        if (offset + samples.Length <= 0)
            return OnLate(timestamp, samples);

        _lateRun = 0;
        if (offset < 0)
        {
            samples = samples[-offset..];
            timestamp += (uint)-offset;
        }

        return Store(timestamp, samples) ? Arrival.InTime : Arrival.Duplicate;
    }

    /// <summary>The next 20 ms; silence where there is nothing to play.</summary>
    public void Take(Span<short> frame)
    {
        if (!_anchored || IsStillFilling())
        {
            Fade(frame, count: false);
            return;
        }

        int depth = (int)(_end - _play);
        if (_growth > 0)
        {
            _growth--;
            Fade(frame, count: true);
            return;
        }

        if (depth <= 0)
        {
            _play += AudioFrame.Samples;
            _anchored = ++_emptyFrames < StreamEnds;
            Fade(frame, count: true);
            return;
        }

        _emptyFrames = 0;
        if (IsTooDeep(depth))
            Skip();
        Play(frame);
    }

    /// <summary>Forgets everything but the counts: another stream follows.</summary>
    public void Reset()
    {
        _anchored = false;
        Array.Clear(_present);
    }

    private static int SamplesOf(TimeSpan span) => (int)Math.Clamp(span.TotalSeconds * AudioFrame.SampleRate, 0, Capacity);

    private void Anchor(uint timestamp)
    {
        Reset();
        _anchored = true;
        _filling = true;
        _filled = 0;
        _growth = 0;
        _emptyFrames = 0;
        _lateRun = 0;
        _play = timestamp;
        _end = timestamp;
        BeginCalm();
    }

    private Arrival OnLate(uint timestamp, ReadOnlySpan<short> samples)
    {
        if (++_lateRun >= LateRunThatMeansJump)
        {
            Anchor(timestamp); // not late: the sender's clock has jumped back
            Store(timestamp, samples);
            return Arrival.InTime;
        }

        int depth = Math.Max(0, (int)(_end - _play));
        if (depth + AudioFrame.Samples <= _maximum)
            _growth = 1;
        return Arrival.Late;
    }

    private bool Store(uint timestamp, ReadOnlySpan<short> samples)
    {
        bool anyNew = false;
        for (int i = 0; i < samples.Length; i++)
        {
            int slot = (int)((timestamp + (uint)i) % Capacity);
            anyNew |= !_present[slot];
            _samples[slot] = samples[i];
            _present[slot] = true;
        }

        uint end = timestamp + (uint)samples.Length;
        if ((int)(end - _end) > 0)
            _end = end;
        return anyNew;
    }

    private bool IsStillFilling()
    {
        if (_filling)
        {
            _filling = _filled < _target && (int)(_end - _play) < _target;
            _filled += AudioFrame.Samples;
        }

        return _filling;
    }

    /// <summary>More than the target for a whole second: the delay serves nobody.</summary>
    private bool IsTooDeep(int depth)
    {
        _leastDepth = Math.Min(_leastDepth, depth - AudioFrame.Samples);
        if (++_calm < CalmFrames)
            return false;
        bool tooDeep = _leastDepth > _target;
        BeginCalm();
        return tooDeep;
    }

    private void BeginCalm()
    {
        _calm = 0;
        _leastDepth = int.MaxValue;
    }

    private void Skip()
    {
        for (int i = 0; i < AudioFrame.Samples; i++)
            _present[(int)(_play++ % Capacity)] = false;
    }

    private void Play(Span<short> frame)
    {
        bool whole = true;
        for (int i = 0; i < AudioFrame.Samples; i++)
        {
            int slot = (int)(_play++ % Capacity);
            whole &= _present[slot];
            frame[i] = _present[slot] ? _samples[slot] : (short)(_lastFrame[i] >> (_fade + 1));
            _present[slot] = false;
        }

        if (whole)
        {
            _fade = 0;
        }
        else
        {
            Concealed++;
            _fade = Math.Min(_fade + 1, 14);
        }

        if (whole || _fade == 1)
            frame.CopyTo(_lastFrame);
    }

    /// <summary>The last frame again, halved every time, and silence after the third (G.711 Appendix I in spirit).</summary>
    private void Fade(Span<short> frame, bool count)
    {
        if (_fade >= 3)
        {
            frame.Clear();
            return;
        }

        _fade++;
        for (int i = 0; i < frame.Length; i++)
            frame[i] = (short)(_lastFrame[i] >> _fade);
        if (count)
            Concealed++;
    }
}
