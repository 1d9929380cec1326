// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Time.Testing;

namespace Isthmus.Tests.Stack.Timers;

/// <summary>Timers whose places belong to whoever starts them.</summary>
public sealed class OwnNodeTests
{
    private readonly FakeTimeProvider _time = new();
    private int _fired;

    [Fact]
    public void Start_AgainLater_MovesItAndItFiresOnce()
    {
        using var wheel = new TimerWheel(_time);
        var node = new TimerNode(_ => _fired++, this);
        Assert.False(wheel.Start(node, wheel.TickAfter(TimeSpan.FromSeconds(1))));
        Assert.True(wheel.Start(node, wheel.TickAfter(TimeSpan.FromSeconds(5))));
        Assert.Equal(1, wheel.Count);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, _fired);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, _fired);
        Assert.False(wheel.Stop(node));

        Assert.False(wheel.Start(node, wheel.TickAfter(TimeSpan.FromSeconds(1))));
        Assert.True(wheel.Stop(node));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, _fired);
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void Start_FromItsOwnCallback_FiresAgain()
    {
        using var wheel = new TimerWheel(_time);
        TimerNode? node = null;
        node = new TimerNode(
            _ =>
            {
                if (++_fired < 3)
                {
                    wheel.Start(node!, 0);
                }
            },
            this);
        wheel.Start(node, 0);
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.Equal(3, _fired);
    }
}
