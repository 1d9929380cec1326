// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>Counts the 20 ms frames that are due: a late tick is caught up, up to a bound; what is beyond is passed over.</summary>
internal sealed class Pacer
{
    /// <summary>200 ms.</summary>
    public const int CatchUp = 10;

    private long _done;
    private TimeSpan _start;

    /// <summary>Frames begun or passed over: the clock of RTP timestamps.</summary>
    public long Frame => _done;

    /// <summary>Frame 0 is due 20 ms from now.</summary>
    public void Start(TimeSpan now) => _start = now;

    /// <summary>How many frames to handle now. Half a frame's grace lets a timer that fires a little early count.</summary>
    public int Due(TimeSpan now)
    {
        long total = (now - _start + (AudioFrame.Duration / 2)).Ticks / AudioFrame.Duration.Ticks;
        long due = Math.Max(0, total - _done);
        if (due > CatchUp)
        {
            _done = total - CatchUp;
            due = CatchUp;
        }

        return (int)due;
    }

    /// <summary>One frame was handled.</summary>
    public void Advance() => _done++;
}
