// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Time.Testing;

namespace Isthmus.Tests.Stack.Resolution;

public sealed class TargetHealthTests
{
    private static readonly IPEndPoint One = IPEndPoint.Parse("192.0.2.1:5060");
    private static readonly IPEndPoint Two = IPEndPoint.Parse("[2001:db8::2]:5060");
    private static readonly LocatedTarget[] Both = [new(SipTransport.Udp, One, "one", 0, TimeSpan.MaxValue), new(SipTransport.Udp, Two, "two", 1, TimeSpan.MaxValue)];

    private readonly FakeTimeProvider _time = new();
    private readonly TargetHealth _health;

    public TargetHealthTests() => _health = new TargetHealth(new TargetHealthOptions { MaxTargets = 3 }, _time);

    private TargetState StateOfOne => _health.StateOf(SipTransport.Udp, One);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    [Fact]
    public void Failed_Once_IsBadForATimeAndThenUnknown()
    {
        Assert.Equal(TargetState.Unknown, StateOfOne);
        _health.Failed(SipTransport.Udp, One);
        _time.Advance(Seconds(29.9));
        Assert.Equal(TargetState.Bad, StateOfOne);
        Assert.Equal(TargetState.Unknown, _health.StateOf(SipTransport.Tcp, One));
        _time.Advance(Seconds(0.1));
        Assert.Equal(TargetState.Unknown, StateOfOne);
    }

    [Fact]
    public void Failed_AgainAfterItsTime_IsBadForTwiceAsLongUpToALimit()
    {
        foreach (var seconds in new[] { 30, 60, 120, 240, 480, 600, 600 })
        {
            _health.Failed(SipTransport.Udp, One);
            Assert.Equal(Seconds(seconds), _health.Report()[0].BadFor);
            _time.Advance(Seconds(seconds));
        }
    }

    [Fact]
    public void Failed_ManyAtOnce_CountAsOne()
    {
        for (int i = 0; i < 100; i++)
        {
            _health.Failed(SipTransport.Udp, One);
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }
        Assert.Equal((1, Seconds(29)), (_health.Report()[0].Failures, _health.Report()[0].BadFor));
    }

    [Fact]
    public void Failed_WithRetryAfter_IsBadForThatLong()
    {
        _health.Failed(SipTransport.Udp, One);
        _health.Failed(SipTransport.Udp, One, Seconds(90));
        Assert.Equal(Seconds(90), _health.Report()[0].BadFor);
        _health.Failed(SipTransport.Udp, One, Seconds(1_000_000));
        Assert.Equal(TimeSpan.FromMinutes(10), _health.Report()[0].BadFor);
    }

    [Fact]
    public void Answered_ABadOne_IsGoodAtOnceForATime()
    {
        _health.Failed(SipTransport.Udp, One);
        _health.Answered(SipTransport.Udp, One, TimeSpan.FromMilliseconds(12));
        Assert.Equal(new TargetReport(SipTransport.Udp, One, TargetState.Good, 0, TimeSpan.Zero, TimeSpan.FromMilliseconds(12), TimeSpan.Zero, TargetFault.Silent), Assert.Single(_health.Report()));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(TargetState.Unknown, StateOfOne);
    }

    [Fact]
    public void Order_BadOnes_AreLastAndNoneIsLost()
    {
        Assert.Equal(Both, _health.Order(Both));
        _health.Failed(SipTransport.Udp, One);
        Assert.Equal([Both[1], Both[0]], _health.Order(Both));
        _health.Failed(SipTransport.Udp, Two);
        Assert.Equal(Both, _health.Order(Both));
    }

    [Fact]
    public void TakeDueProbes_ShortlyBeforeTheTimeIsOver_GivesEachOnce()
    {
        _health.Failed(SipTransport.Udp, One);
        _time.Advance(Seconds(1));
        _health.Failed(SipTransport.Udp, Two);
        _time.Advance(Seconds(23.9));
        Assert.Empty(_health.TakeDueProbes(10));
        _time.Advance(Seconds(1.1));
        Assert.Equal([(SipTransport.Udp, One)], _health.TakeDueProbes(1));
        Assert.Equal([(SipTransport.Udp, Two)], _health.TakeDueProbes(10));
        Assert.Empty(_health.TakeDueProbes(10));

        // The probe fails: bad goes on without a gap, and the next probe is due later.
        _health.Failed(SipTransport.Udp, One);
        Assert.Equal(Seconds(60), _health.Report().Single(report => report.EndPoint.Equals(One)).BadFor);
        _time.Advance(Seconds(55));
        Assert.Equal([(SipTransport.Udp, One)], _health.TakeDueProbes(10));
    }

    [Fact]
    public void UntilProbe_NothingBad_IsNull()
    {
        Assert.Null(_health.UntilProbe);
        _health.Failed(SipTransport.Udp, One);
        _time.Advance(Seconds(5));
        _health.Failed(SipTransport.Udp, Two);
        Assert.Equal(Seconds(20), _health.UntilProbe);
        _time.Advance(Seconds(21));
        Assert.Equal(TimeSpan.Zero, _health.UntilProbe);
        _health.Answered(SipTransport.Udp, One);
        Assert.Equal(Seconds(4), _health.UntilProbe);
        _health.Answered(SipTransport.Udp, Two);
        Assert.Null(_health.UntilProbe);
    }

    [Fact]
    public void TakeDueProbes_OfATargetThatNobodyWants_ForgetsIt()
    {
        for (int i = 0; i < 7; i++)
        {
            _health.Failed(SipTransport.Udp, One);
            _health.Failed(SipTransport.Udp, Two);
            _health.Order([Both[0]]);
            _time.Advance(TimeSpan.FromMinutes(9.95));
            _health.TakeDueProbes(10);
        }
        Assert.Equal([One], _health.Report().Select(report => report.EndPoint));
    }

    [Fact]
    public void Failed_BeyondTheLimit_ForgetsTheOneWantedLongestAgo()
    {
        _health.Failed(SipTransport.Udp, One);
        _health.Failed(SipTransport.Tcp, One);
        _health.Failed(SipTransport.Udp, Two);
        _health.Order(Both);
        _health.Failed(SipTransport.Tcp, Two);
        Assert.Equal(3, _health.Count);
        Assert.Equal((TargetState.Bad, TargetState.Unknown), (StateOfOne, _health.StateOf(SipTransport.Tcp, One)));
    }
}
