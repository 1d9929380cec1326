// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Transactions;

/// <summary>What is used again is used again, and never while somebody may still look at it.</summary>
public sealed class PooledTransactionTests : IDisposable
{
    private const string Us = "192.0.2.1";
    private const string Them = "192.0.2.2";

    private readonly Scene _scene = new();
    private readonly RecordingUser _user = new();
    private readonly SipStack _stack;
    private readonly Peer _peer;

    public PooledTransactionTests()
    {
        _stack = _scene.Stack(Us, _user, new() { PoolTransactions = true });
        _peer = _scene.Peer(Them);
    }

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Request_Answered_IsValidUntilTheEventEndsAndNotAfterwards()
    {
        var seen = "";
        _user.Serve = t =>
        {
            Answer(t, 200);
            seen = t.Request.Message.CallId;
        };
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Options, "c")), Us);
        _scene.Advance(5);

        Assert.Equal("c", seen);
        Assert.Throws<InvalidOperationException>(() => _user.Requests[0].Request);
        Assert.Equal(200, _user.Requests[0].FinalStatus);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Request_SharedInTheCallback_StaysGood()
    {
        SipRequest? kept = null;
        _user.Serve = t =>
        {
            kept = t.Request.Message;
            kept.Share();
            Answer(t, 200);
        };
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Options, "c")), Us);
        _scene.Advance(5);
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Options, "d"), "z9hG4bKd"), Us);
        _scene.Advance(5);

        Assert.Equal("d", kept!.CallId);
        kept.Dispose();
    }

    [Fact]
    public void NonInvite_AnsweredAndRepeated_GetsTheKeptResponse()
    {
        _user.Serve = t => Answer(t, 200);
        var request = _peer.WithVia(_scene.Request(SipMethod.Message, "c"));
        _peer.Send(request, Us);
        _scene.Advance(5);
        _peer.Send(request, Us);
        _scene.Advance(5);

        Assert.Equal(["200", "200"], _peer.Lines);
        Assert.Equal(_peer.Messages[0].ToString(), _peer.Messages[1].ToString());
        Assert.Equal(["request MESSAGE", "end"], _user.Heard);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Transactions_Over_AreUsedAgain()
    {
        _user.Serve = t => Answer(t, 200);
        for (var i = 0; i < 3; i++)
        {
            _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Options), "z9hG4bK" + i), Us);
            _scene.Advance(40_000);
        }

        Assert.Same(_user.Requests[0], _user.Requests[1]);
        Assert.Same(_user.Requests[0], _user.Requests[2]);
        Assert.Equal(["request OPTIONS", "end", "request OPTIONS", "end", "request OPTIONS", "end"], _user.Heard);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Transaction_NeverAnswered_IsNotUsedAgainAndALateAnswerIsIgnored()
    {
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Message, "c")), Us);
        _scene.Advance(40_000);
        _user.Serve = t => Answer(t, 200);
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Message, "d"), "z9hG4bKd"), Us);
        _scene.Advance(5);
        Assert.NotSame(_user.Requests[0], _user.Requests[1]);

        var late = _user.Requests[0];
        late.Respond(late.Request.Message.Answer(200, toTag: "us").Build());
        _scene.Advance(5);
        Assert.Equal(["100", "200"], _peer.Lines);
    }

    [Fact]
    public void Client_ReportedUnreachable_IsNotUsedAgain()
    {
        _scene.Network.Host("closed", "192.0.2.3");
        var lost = _stack.Send(_scene.Request(SipMethod.Invite), Scene.To("192.0.2.3"), _user);
        _scene.Advance(50);
        Assert.Equal(["error ConnectionRefused", "end"], _user.Heard);

        Assert.NotSame(lost, _stack.Send(_scene.Request(SipMethod.Invite), Scene.To(Them), _user));
    }

    [Fact]
    public void Invite_RefusedTwice_GetsTheSameAckAgain()
    {
        _stack.Send(_scene.Request(SipMethod.Invite), Scene.To(Them), _user);
        _scene.Advance(5);
        var refusal = _peer.LastRequest.Answer(486, toTag: "busy").Build();
        _peer.Send(refusal, Us);
        _scene.Advance(5);
        _peer.Send(refusal, Us);
        _scene.Advance(5);

        Assert.Equal(["INVITE", "ACK", "ACK"], _peer.Lines);
        Assert.Equal(_peer.Messages[1].ToString(), _peer.Messages[2].ToString());
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Invite_AcceptedTwice_GivesTheSecondToTheProxyWithTheWayBack()
    {
        var back = _stack.FlowTowards(Scene.To(Them))!;
        _stack.Send(_scene.Request(SipMethod.Invite), Scene.To(Them), _user).ReturnFlow = back;
        _scene.Advance(5);
        var success = _peer.LastRequest.Answer(200, toTag: "b").Build();
        _peer.Send(success, Us);
        _scene.Advance(5);
        Assert.Equal(["200", "end"], _user.Heard);

        _peer.Send(success, Us);
        _peer.Send(_peer.LastRequest.Answer(180, toTag: "b").Build(), Us);
        _scene.Advance(5);
        Assert.Equal(["200", "end", "200 again"], _user.Heard);
        Assert.Equal([back], _user.ReturnFlows);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Invite_AcceptedForGood_AbsorbsInvitesAndPassesTheAck()
    {
        _user.Serve = t =>
        {
            t.EndsWithSuccess = true;
            Answer(t, 200);
        };
        var invite = _peer.WithVia(_scene.Request(SipMethod.Invite, "c"));
        _peer.Send(invite, Us);
        _peer.Send(invite, Us);
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Ack, "c")), Us);
        _scene.Advance(5);

        Assert.Equal(["200"], _peer.Lines);
        Assert.Equal(["request INVITE", "end", "ack"], _user.Heard);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Invite_AcceptedForGood_CancelledLate_AnswersTheCancelAlone()
    {
        _user.Serve = t =>
        {
            t.EndsWithSuccess = true;
            Answer(t, 200);
        };
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Invite, "c")), Us);
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Cancel, "c")), Us);
        _scene.Advance(5);

        Assert.Equal(["200", "200"], _peer.Lines);
        Assert.Equal(["request INVITE", "end"], _user.Heard);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void MaxLingering_Reached_ForgetsTheOldest()
    {
        var stack = _scene.Stack("192.0.2.9", _user, new() { PoolTransactions = true, MaxLingering = 1 });
        _user.Serve = t => Answer(t, 200);
        var first = _peer.WithVia(_scene.Request(SipMethod.Options, "c"), "z9hG4bK1");
        var second = _peer.WithVia(_scene.Request(SipMethod.Options, "c", 2), "z9hG4bK2");
        foreach (var request in (SipRequest[])[first, second, second, first])
        {
            _peer.Send(request, "192.0.2.9");
            _scene.Advance(5);
        }

        // One a conversation is the least: the second was known again, the first had to go for it.
        Assert.Equal(1, stack.LiveTransactions);
        Assert.Equal(["request OPTIONS", "end", "request OPTIONS", "end", "request OPTIONS", "end"], _user.Heard);
    }

    [Fact]
    public void MaxTransactions_AnsweredOnes_DoNotCount()
    {
        var stack = _scene.Stack("192.0.2.9", _user, new() { PoolTransactions = true, MaxTransactions = 1 });
        _user.Serve = t => Answer(t, 200);
        for (var i = 0; i < 3; i++)
        {
            _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Options), "z9hG4bK" + i), "192.0.2.9");
            _scene.Advance(5);
        }

        Assert.Equal(["200", "200", "200"], _peer.Lines);
        Assert.Equal(3, stack.LiveTransactions);
    }

    private static void Answer(ServerTransaction transaction, int status) =>
        transaction.Respond(transaction.Request.Message.Answer(status, toTag: "us").Build());
}
