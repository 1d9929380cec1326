// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Time.Testing;

namespace Isthmus.Tests.Stack.Timers;

public sealed class TimerWheelTests
{
    private readonly FakeTimeProvider _time = new();

    private static TimeSpan Ms(long milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(2_559)]
    [InlineData(2_560)]
    [InlineData(32_000)]
    [InlineData(163_840)]
    [InlineData(3_600_000)]
    [InlineData(86_400_000L * 10)]
    public void Schedule_AnyDistance_FiresOnceWithinOneTick(long milliseconds)
    {
        using var wheel = new TimerWheel(_time);
        var fired = 0;
        wheel.Schedule(Ms(milliseconds), _ => fired++, null);

        _time.Advance(Ms(milliseconds - 1));
        Assert.Equal(0, fired);
        _time.Advance(Ms(11));
        Assert.Equal(1, fired);
        _time.Advance(TimeSpan.FromDays(30));
        Assert.Equal(1, fired);
    }

    [Fact]
    public void Cancel_Twice_SaysTrueThenFalse()
    {
        using var wheel = new TimerWheel(_time);
        var timer = wheel.Schedule(Ms(100), _ => Assert.Fail("cancelled"), null);
        Assert.True(timer.Cancel());
        Assert.False(timer.Cancel());
        Assert.False(default(WheelTimer).Cancel());
        _time.Advance(Ms(1000));
    }

    [Fact]
    public void Cancel_AfterItsNodeWasReused_LeavesTheNewTimerAlone()
    {
        using var wheel = new TimerWheel(_time);
        var old = wheel.Schedule(Ms(10), _ => { }, null);
        _time.Advance(Ms(20));
        var fired = false;
        wheel.Schedule(Ms(10), _ => fired = true, null);
        Assert.False(old.Cancel());
        _time.Advance(Ms(20));
        Assert.True(fired);
    }

    [Fact]
    public void Callback_SchedulesAndCancels_FromInside()
    {
        using var wheel = new TimerWheel(_time);
        var order = new List<string>();
        WheelTimer victim = default;
        wheel.Schedule(Ms(10), _ =>
        {
            order.Add("first");
            Assert.True(victim.Cancel());
            wheel.Schedule(Ms(500), _ => order.Add("third"), null);
        }, null);
        victim = wheel.Schedule(Ms(10), _ => order.Add("victim"), null);
        wheel.Schedule(Ms(10), _ => order.Add("second"), null);
        _time.Advance(Ms(10));
        _time.Advance(Ms(500));
        Assert.Equal(["first", "second", "third"], order);
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void Dispose_WithTimersWaiting_RunsNoneAndTakesNone()
    {
        var wheel = new TimerWheel(_time);
        wheel.Schedule(Ms(10), _ => Assert.Fail("disposed"), null);
        wheel.Dispose();
        Assert.False(wheel.Schedule(Ms(10), _ => Assert.Fail("disposed"), null).Cancel());
        _time.Advance(Ms(100));
    }

    [Fact]
    public void Driver_NothingWaiting_IsNotArmed()
    {
        var time = new CountingTime();
        using var wheel = new TimerWheel(time);
        Assert.Equal(0, time.Changes);
        wheel.Schedule(TimeSpan.FromHours(1), _ => { }, null);
        time.Advance(TimeSpan.FromHours(1));
        // An hour away is four placements at most (one a level), not 360 000 ticks; afterwards the wheel sleeps.
        Assert.InRange(time.Changes, 1, 4);
        var changes = time.Changes;
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(changes, time.Changes);
    }

    /// <summary>Any mix of schedule, cancel and advance: the wheel fires what a sorted list would, never early, at most a tick late.</summary>
    [Fact]
    public void Wheel_RandomUse_BehavesAsASortedList()
    {
        var due = Gen.OneOf(Gen.Long[0, 50], Gen.Long[0, 5_000], Gen.Long[0, 400_000], Gen.Long[0, 90_000_000], Gen.Long[0, 2_000_000_000]);
        var step = Gen.Select(Gen.Int[0, 9], due, Gen.Int[0, 1000], (kind, ms, pick) => (kind, ms, pick));
        step.Array[1, 120].Sample(steps =>
        {
            var time = new FakeTimeProvider();
            using var wheel = new TimerWheel(time);
            var start = time.GetUtcNow();
            var model = new List<(long Due, int Id, WheelTimer Timer)>();
            var fired = new HashSet<int>();
            for (var id = 0; id < steps.Length; id++)
            {
                var (kind, ms, pick) = steps[id];
                var now = (long)(time.GetUtcNow() - start).TotalMilliseconds;
                if (kind < 5)
                {
                    var mine = id;
                    model.Add((now + ms, id, wheel.Schedule(Ms(ms), _ => Assert.True(fired.Add(mine)), null)));
                }
                else if (kind < 7 && model.Count > 0)
                {
                    var (_, cancelled, timer) = model[pick % model.Count];
                    Assert.Equal(!fired.Contains(cancelled), timer.Cancel());
                    model.RemoveAt(pick % model.Count);
                    fired.Remove(cancelled);
                }
                else
                {
                    time.Advance(Ms(ms));
                    now += ms;
                    foreach (var (at, waiting, _) in model)
                    {
                        if (now < at)
                        {
                            Assert.DoesNotContain(waiting, fired);
                        }
                        else if (now > at + 10)
                        {
                            Assert.Contains(waiting, fired);
                        }
                    }
                }
            }
            Assert.Equal(model.Count(entry => !fired.Contains(entry.Id)), wheel.Count);
        }, iter: 400);
    }

    private sealed class CountingTime : FakeTimeProvider
    {
        public int Changes { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Counted(this, base.CreateTimer(callback, state, dueTime, period));

        private sealed class Counted(CountingTime owner, ITimer inner) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                owner.Changes++;
                return inner.Change(dueTime, period);
            }

            public void Dispose() => inner.Dispose();

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
