// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>
/// Plays queued digits as telephone-events (RFC 4733 §2.5.1): one packet a frame while the tone lasts, the timestamp
/// that of its beginning, the duration growing, and the last packet three times. Not thread-safe.
/// </summary>
internal sealed class DigitSender
{
    public const int QueueLimit = 32;

    private const byte Volume = 10;
    private const int EndPackets = 3;
    private const int GapFrames = 3; // audio between two digits: more than the 40 ms that separate tones

    private readonly Queue<(byte Code, int Frames)> _queue = new(QueueLimit);
    private byte _code;
    private uint _beginning;
    private int _framesLeft;
    private int _endsLeft;
    private int _gapLeft;
    private ushort _duration;

    /// <summary>Longest digit whose duration field cannot overflow.</summary>
    public static TimeSpan LongestDigit => TimeSpan.FromSeconds(8);

    /// <summary>Shortest digit that every receiver must know (Q.24).</summary>
    public static TimeSpan ShortestDigit => TimeSpan.FromMilliseconds(40);

    public int Free => QueueLimit - _queue.Count;

    /// <summary>The caller has looked at <see cref="Free"/> and <see cref="Dtmf.IsDigit"/>.</summary>
    public void Enqueue(char digit, TimeSpan duration)
    {
        duration = TimeSpan.FromTicks(Math.Clamp(duration.Ticks, ShortestDigit.Ticks, LongestDigit.Ticks));
        _queue.Enqueue((Dtmf.EventOf(digit), (int)Math.Ceiling(duration / AudioFrame.Duration)));
    }

    /// <summary>The event packet that takes the place of this frame's audio; false when the frame is audio's.</summary>
    public bool TryNext(uint timestamp, out TelephoneEvent telephoneEvent, out uint eventTimestamp, out bool marker)
    {
        telephoneEvent = default;
        eventTimestamp = timestamp;
        marker = false;
        if (_framesLeft == 0 && _endsLeft == 0)
        {
            if (_gapLeft > 0)
            {
                _gapLeft--;
                return false;
            }

            if (!_queue.TryDequeue(out (byte Code, int Frames) next))
                return false;
            (_code, _framesLeft) = next;
            _beginning = timestamp;
            _duration = 0;
            marker = true;
        }

        if (_framesLeft > 0)
        {
            _duration += AudioFrame.Samples;
            if (--_framesLeft == 0)
                _endsLeft = EndPackets;
        }

        bool isEnd = _endsLeft > 0;
        if (isEnd && --_endsLeft == 0)
            _gapLeft = GapFrames;
        eventTimestamp = _beginning;
        telephoneEvent = new TelephoneEvent(_code, isEnd, Volume, _duration);
        return true;
    }
}
