// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Isthmus.Load;

/// <summary>
/// Makes calls on one thread, which never sleeps while it does: waking it up would cost the server under test. The called phones are worked by the same
/// thread.
/// </summary>
internal sealed class Generator : IWireReceiver
{
    private const int LooksBetweenScans = 256;
    private static readonly long FirstRepeat = Stopwatch.Frequency / 2; // Timer T1 of RFC 3261
    private static readonly long GivenUpAfter = 10 * Stopwatch.Frequency;
    private static readonly long Quiet = Stopwatch.Frequency / 200;

    private readonly IWire _callers;
    private readonly CalledPhones? _callees;
    private readonly Workload _workload;
    private readonly Call[] _calls;
    private readonly Stack<int> _free = new();
    private LoadResult _result = new();
    private long _count;
    private long _now;

    /// <param name="callers">The calling phones.</param>
    /// <param name="callees">The called ones; null where nothing is forwarded.</param>
    /// <param name="workload">What a call is.</param>
    /// <param name="most">Calls in flight, at most; fewer where the workload says so.</param>
    public Generator(IWire callers, CalledPhones? callees, Workload workload, int most)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, CallNumber.MostSlots);
        _callers = callers;
        _callees = callees;
        _workload = workload;
        if (callees is not null)
        {
            callees.Noticed = OnNotice;
        }

        _calls = new Call[Math.Min(most, workload.MostInFlight)];
        for (int i = _calls.Length - 1; i >= 0; i--)
        {
            _calls[i] = new Call();
            _free.Push(i);
        }
    }

    /// <summary>Makes calls until it is enough and the last one is over. Counts of calls go on from run to run.</summary>
    /// <param name="pace">When calls begin, and when it is enough.</param>
    /// <param name="stop">Ends it at once: calls in flight are left alone, and nobody runs it again.</param>
    public LoadResult Run(Pace pace, CancellationToken stop = default)
    {
        _result = new LoadResult();
        _callees?.BeginRun();
        long begin = Stopwatch.GetTimestamp();
        long end = begin + (long)(Math.Min(pace.LongestTime.TotalSeconds, TimeSpan.FromDays(30).TotalSeconds) * Stopwatch.Frequency);
        long begun = 0;
        long looks = 0;
        long longestPause = 0;
        _now = begin;
        while (!stop.IsCancellationRequested)
        {
            long before = _now;
            _now = Stopwatch.GetTimestamp();
            longestPause = Math.Max(longestPause, _now - before);
            int active = _calls.Length - _free.Count;
            bool isOver = _now >= end || begun >= pace.MostCalls;
            if (isOver && active == 0)
            {
                break;
            }

            if (!isOver)
            {
                begun += Begin(pace, begin, begun);
            }

            _callers.Flush();
            _callers.Receive(this);
            if (_callees is not null)
            {
                _callees.Work(_now);
            }

            if (looks++ % LooksBetweenScans == 0)
            {
                RepeatUnanswered();
            }
        }

        _result.Elapsed = Stopwatch.GetElapsedTime(begin);
        _result.LongestPause = Stopwatch.GetElapsedTime(0, longestPause);
        AnswerTheLast();
        _callees?.EndRun(_result);
        return _result;
    }

    void IWireReceiver.OnMessage(IWire wire, ReadOnlySpan<byte> message, int channel)
    {
        if (!Answer.TryRead(message, out Answer answer) || Find(answer.Call) is not { } call)
        {
            _result.Strays++;
            return;
        }

        GoOn(call, _workload.OnAnswer(call, answer, message, wire), answer.Status);
    }

    // What is still on its way to the called phones belongs to no call, but the server would repeat it.
    private void AnswerTheLast()
    {
        long now = Stopwatch.GetTimestamp();
        for (long quiet = now; _callees is not null && now - quiet < Quiet; now = Stopwatch.GetTimestamp())
        {
            quiet = _callees.Work(now) > 0 ? now : quiet;
        }
    }

    private void OnNotice(ulong number)
    {
        if (Find(number) is { } call)
        {
            GoOn(call, _workload.OnNotice(call), status: 200);
        }
    }

    private Call? Find(ulong number) =>
        CallNumber.SlotOf(number) is var slot && slot < _calls.Length && _calls[slot] is { IsActive: true } call && call.Fields.Call == number ? call : null;

    private void GoOn(Call call, CallProgress progress, int status)
    {
        switch (progress)
        {
            case CallProgress.Answered:
                Time(call);
                call.RepeatAfter = FirstRepeat;
                call.RepeatAt = _now + FirstRepeat;
                break;
            case CallProgress.Done:
                Time(call);
                _result.Completed++;
                End(call);
                break;
            case CallProgress.Failed:
                _result.Refusals[status] = _result.Refusals.GetValueOrDefault(status) + 1;
                _result.Failed++;
                End(call);
                break;
            default:
                break;
        }
    }

    private long Begin(Pace pace, long begin, long begun)
    {
        long wanted = Math.Min(pace.InFlight, _calls.Length) - (_calls.Length - _free.Count);
        if (pace.Rate is { } rate)
        {
            long due = (long)((_now - begin) * rate / Stopwatch.Frequency) - begun;
            if (due > wanted)
            {
                _result.NotBegun += due - wanted;
            }

            long fromNow = Math.Min(due, wanted);
            for (long i = 0; i < fromNow; i++)
            {
                BeginOne(begin + (long)((begun + i + 1) * Stopwatch.Frequency / rate)); // when it fell due: the first one a period after the beginning
            }

            return Math.Max(due, 0);
        }

        wanted = Math.Min(wanted, pace.MostCalls - begun);
        for (long i = 0; i < wanted; i++)
        {
            BeginOne(_now);
        }

        return Math.Max(wanted, 0);
    }

    private void BeginOne(long at)
    {
        int slot = _free.Pop();
        Call call = _calls[slot];
        call.Fields = _workload.FieldsOf(CallNumber.Of(slot, _count), _count);
        _count++;
        call.IsActive = true;
        call.IsTimed = false;
        call.IsProceeding = false;
        call.Began = at;
        call.RepeatAfter = FirstRepeat;
        call.RepeatAt = _now + FirstRepeat;
        _workload.Begin(call, _callers);
    }

    private void Time(Call call)
    {
        if (!call.IsTimed)
        {
            call.IsTimed = true;
            _result.Times.Add((Stopwatch.GetTimestamp() - call.Began) * 1_000_000_000 / Stopwatch.Frequency);
        }
    }

    private void End(Call call)
    {
        call.IsActive = false;
        _free.Push(CallNumber.SlotOf(call.Fields.Call));
    }

    private void RepeatUnanswered()
    {
        foreach (Call call in _calls)
        {
            if (!call.IsActive || _now < call.RepeatAt)
            {
                continue;
            }

            if (_now - call.Began > GivenUpAfter)
            {
                _result.Failed++;
                _result.TimedOut++;
                _workload.GiveUp(call);
                End(call);
                continue;
            }

            if (!call.IsProceeding)
            {
                _workload.Repeat(call, _callers);
                _result.Repeated++;
            }

            call.RepeatAfter *= 2;
            call.RepeatAt = _now + call.RepeatAfter;
        }
    }
}
