// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Tests.Stack.Transactions;

namespace Isthmus.Tests.Stack.Resolution;

public sealed class TargetProberTests : IDisposable
{
    private const string Us = "192.0.2.1";
    private const string Them = "192.0.2.2";

    private readonly Scene _scene = new();
    private readonly SipStack _stack;
    private readonly Peer _peer;
    private readonly TargetHealth _health;
    private readonly TargetProber _prober;
    private readonly List<bool> _heard = [];

    public TargetProberTests()
    {
        _stack = _scene.Stack(Us, new RecordingUser());
        _peer = _scene.Peer(Them);
        _health = new TargetHealth(new TargetHealthOptions(), _scene.Time);
        _prober = new TargetProber(_stack, _health);
    }

    private Target Target => _stack.TargetOf(SipTransport.Udp, _peer.LocalEndPoint);

    private TargetState State => _health.StateOf(SipTransport.Udp, _peer.LocalEndPoint);

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(100, true)]
    [InlineData(200, true)]
    [InlineData(404, true)]
    [InlineData(483, true)]
    [InlineData(503, false)]
    public void Ask_Answered_SaysWhetherItIsThere(int status, bool isThere)
    {
        _prober.Ask(Target, _heard.Add);
        _scene.Advance(10);
        SipRequest options = _peer.LastRequest;
        Assert.Equal((SipMethod.Options, 0), (options.Method, options.MaxForwards));
        _peer.Send(options.Answer(status, toTag: status > 100 ? "b" : null).Build(), Us);
        _scene.Advance(10);
        Assert.Equal([isThere], _heard);
        Assert.Equal(isThere ? TargetState.Good : TargetState.Bad, State);
        if (isThere)
        {
            Assert.InRange(_health.Report()[0].RoundTrip!.Value.TotalMilliseconds, 1, 20);
        }
    }

    [Fact]
    public void Ask_Silent_IsNotThereButNotBadForThatAlone()
    {
        _prober.Ask(Target, _heard.Add);
        _scene.Advance(4100);
        Assert.Equal([false], _heard);
        Assert.Equal(TargetState.Unknown, State);
        int copies = _peer.Messages.Count;
        _scene.Advance(40_000);
        Assert.Equal(copies, _peer.Messages.Count);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Ask_PortIsClosed_IsBadAtOnce()
    {
        _scene.Network.Host("closed", "192.0.2.3");
        Target closed = Scene.To("192.0.2.3");
        _prober.Ask(closed, _heard.Add);
        _scene.Advance(10);
        Assert.Equal([false], _heard);
        Assert.Equal(TargetState.Bad, _health.StateOf(closed.Transport, closed.EndPoint));
    }

    [Fact]
    public void Ask_NoWayThere_IsNotThere()
    {
        _prober.Ask(Scene.To("2001:db8::2"), _heard.Add);
        Assert.Equal([false], _heard);
    }

    [Fact]
    public void Ask_SeveralAtOnce_OneQuestionForAll()
    {
        for (int i = 0; i < 50; i++)
        {
            _prober.Ask(Target, _heard.Add);
        }

        _scene.Advance(10);
        _peer.Send(Assert.IsType<SipRequest>(Assert.Single(_peer.Messages)).Answer(200, toTag: "b").Build(), Us);
        _scene.Advance(10);
        Assert.Equal(50, _heard.Count(heard => heard));
        _prober.Ask(Target, _heard.Add);
        _scene.Advance(10);
        Assert.Equal(2, _peer.Messages.Count);
    }

    [Fact]
    public void Failed_Target_IsProbedInTimeAndWithPausesThatGrowUntilItIsBack()
    {
        _prober.Failed(Target);
        _scene.Advance(24_900);
        Assert.Empty(_peer.Messages);
        _scene.Advance(200);
        Assert.NotEmpty(_peer.Messages);
        _scene.Advance(4800);
        Assert.Equal(TargetState.Bad, State); // the probe had no answer: bad without a gap, twice as long
        _peer.Messages.Clear();
        _scene.Advance(50_000);
        Assert.Empty(_peer.Messages);
        _scene.Advance(5000);
        _peer.Send(_peer.LastRequest.Answer(200, toTag: "b").Build(), Us);
        _scene.Advance(10);
        Assert.Equal(TargetState.Good, State);
        _scene.AssertNothingLeft(); // no timer either
    }

    [Fact]
    public void Failed_WithRetryAfter_IsProbedWhenThatIsNearlyOver()
    {
        _prober.Failed(Target, TimeSpan.FromSeconds(120));
        _scene.Advance(114_000);
        Assert.Empty(_peer.Messages);
        _scene.Advance(2000);
        Assert.NotEmpty(_peer.Messages);
    }
}
