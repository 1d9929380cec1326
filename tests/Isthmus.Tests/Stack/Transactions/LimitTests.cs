// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Transactions;

/// <summary>What the stack answers when it has enough, and when it is going away.</summary>
public sealed class LimitTests : IDisposable
{
    private const string Us = "192.0.2.1";

    private readonly Scene _scene = new();
    private readonly RecordingUser _user = new();
    private readonly Peer _peer;

    public LimitTests() => _peer = _scene.Peer("192.0.2.2");

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void MaxTransactions_Reached_Answers503WithRetryAfterAndKeepsNothing()
    {
        var stack = _scene.Stack(Us, _user, new() { MaxTransactions = 2, RetryAfter = TimeSpan.FromSeconds(2.5) });
        for (var i = 0; i < 4; i++)
        {
            _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Invite), "z9hG4bK" + i), Us);
        }

        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Ack), "z9hG4bKack"), Us);
        _scene.Advance(5);

        Assert.Equal(["503", "503"], _peer.Lines);
        Assert.Equal("3", _peer.LastResponse.Text(HeaderName.RetryAfter));
        Assert.Equal(2, stack.LiveTransactions);
        Assert.Equal(2, stack.TransactionCounters.Refused);
        Assert.Equal(["request INVITE", "request INVITE", "ack"], _user.Heard);
    }

    [Fact]
    public void MaxTransactions_Reached_StillTakesTheCancelOfAKnownInvite()
    {
        _scene.Stack(Us, _user, new() { MaxTransactions = 1 });
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Invite, "c")), Us);
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Cancel, "c")), Us);
        _scene.Advance(5);

        Assert.Equal(["request INVITE", "cancel"], _user.Heard);
        Assert.Equal(["200"], _peer.Lines);
    }

    [Fact]
    public void MaxWaiting_Reached_Answers503ToNewRequestsAndDropsTheRest()
    {
        var stack = _scene.Stack(Us, _user, new() { MaxWaiting = 2 });
        stack.RunIn("c", () =>
        {
            // As long as this runs, somebody else's messages for this conversation wait.
            for (var i = 0; i < 3; i++)
            {
                _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Options, "c"), "z9hG4bK" + i), Us);
            }

            _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Ack, "c"), "z9hG4bKack"), Us);
            _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Options, "other"), "z9hG4bKother"), Us);
            _scene.Advance(5);
            Assert.Equal(2, stack.Snapshot.Waiting);
            Assert.Equal(["503"], _peer.Lines);
            Assert.Equal(["request OPTIONS"], _user.Heard);
        });

        Assert.Equal(0, stack.TransactionCounters.UserFaults);
        Assert.Equal(["request OPTIONS", "request OPTIONS", "request OPTIONS"], _user.Heard);
        Assert.Equal(2, stack.TransactionCounters.Dropped);
        Assert.Equal(1, stack.TransactionCounters.Refused);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Drain_RefusesNewCallsServesOldOnesAndWaitsForAnswers()
    {
        var stack = _scene.Stack(Us, _user);
        _user.Serve = t =>
        {
            if (t.Method != SipMethod.Invite)
            {
                t.Respond(t.Request.Message.Answer(200, toTag: "us").Build());
            }
        };
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Invite, "c")), Us);
        _scene.Advance(5);
        var drained = stack.DrainAsync(TimeSpan.FromSeconds(30)).AsTask();
        var bye = MessageEdit.Of(_scene.Request(SipMethod.Bye)).Replace(HeaderName.To, "<sip:bob@example.com>;tag=us").BuildRequest();
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Options), "z9hG4bKnew"), Us);
        _scene.Advance(5);
        _peer.Send(_peer.WithVia(bye, "z9hG4bKbye"), Us);
        _scene.Advance(5);
        Assert.Equal(["503", "200"], _peer.Lines);
        Assert.False(drained.IsCompleted);

        _user.Requests[0].Respond(_user.Requests[0].Request.Message.Answer(200, toTag: "us").Build());
        _scene.Run(async () => Assert.True(await drained));
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Drain_NothingAnswers_IsRefusedAtTheLimit()
    {
        var stack = _scene.Stack(Us, _user);
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Invite, "c")), Us);
        _scene.Advance(5);

        _scene.Run(async () => Assert.False(await stack.DrainAsync(TimeSpan.FromSeconds(3))));
        _scene.Advance(5);
        Assert.Equal("503", _peer.Lines.Last());
    }

    // Nothing ends them any more: neither a message nor a timer comes.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dispose_WithTransactionsOfEveryKind_LeavesNoneAndTellsNobody(bool isPooling)
    {
        var stack = _scene.Stack(Us, _user, new() { PoolTransactions = isPooling });
        _user.Serve = t =>
        {
            if (t.Method != SipMethod.Invite)
            {
                t.Respond(t.Request.Message.Answer(200, toTag: "us").Build());
            }
        };
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Invite)), Us);
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Options), "z9hG4bKanswered"), Us);
        stack.Send(_scene.Request(SipMethod.Invite), Scene.To("192.0.2.2"), _user);
        stack.Send(_scene.Request(SipMethod.Options), Scene.To("192.0.2.2"), _user);
        _scene.Advance(5);
        _peer.Send(_peer.LastRequest.Answer(200, toTag: "them").Build(), Us);
        _scene.Advance(5);
        Assert.Equal((4, 2), (stack.LiveTransactions, stack.Snapshot.Pending));
        _user.Heard.Clear();

        _scene.Run(async () => await stack.DisposeAsync());
        Assert.Equal((0, 0), (stack.LiveTransactions, stack.Snapshot.Pending));
        Assert.Empty(_user.Heard);
    }

    [Fact]
    public void RunIn_Later_RunsOnTheOwnerUnlessCancelled()
    {
        var stack = _scene.Stack(Us, _user);
        var ran = new List<string>();
        stack.RunIn("c", TimeSpan.FromSeconds(1), () => ran.Add("one"));
        var two = stack.RunIn("c", TimeSpan.FromSeconds(2), () => ran.Add("two"));
        stack.RunIn("c", () => ran.Add("zero"));
        _scene.Advance(1500);
        two.Cancel();
        _scene.Advance(5000);

        Assert.Equal(["zero", "one"], ran);
        Assert.Equal(0, stack.Timers.Count);
    }
}
