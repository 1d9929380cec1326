// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Transactions;

/// <summary>Server transactions of a stack against a bare UDP socket.</summary>
public sealed class ServerTransactionTests : IDisposable
{
    private const string Us = "192.0.2.1";
    private const string Them = "192.0.2.2";

    private readonly Scene _scene = new();
    private readonly RecordingUser _user = new();
    private readonly SipStack _stack;
    private readonly Peer _peer;

    public ServerTransactionTests()
    {
        _stack = _scene.Stack(Us, _user);
        _peer = _scene.Peer(Them);
    }

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Invite_UserSlow_Gets100After200Milliseconds()
    {
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Invite)), Us);
        _scene.Advance(190);
        Assert.Empty(_peer.Messages);
        _scene.Advance(30);

        Assert.Equal(["100"], _peer.Lines);
        Assert.Null(_peer.LastResponse.To.Tag);
        Answer(0, 486);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Invite_UserQuick_SendsNo100()
    {
        _user.Serve = t => Answer(t, 180);
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Invite)), Us);
        _scene.Advance(1000);

        Assert.Equal(["180"], _peer.Lines);
    }

    [Fact]
    public void Invite_TryingAtOnce_Sends100First()
    {
        var stack = _scene.Stack("192.0.2.9", _user, new() { Times = new() { TryingAfter = TimeSpan.Zero } });
        _user.Serve = t => Answer(t, 180);
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Invite)), "192.0.2.9");
        _scene.Advance(5);

        Assert.Equal(["100", "180"], _peer.Lines);
        Assert.Equal(1, stack.LiveTransactions);
    }

    [Fact]
    public void Invite_Again_GetsTheLastProvisionalAndReachesTheUserOnce()
    {
        _user.Serve = t => Answer(t, 183);
        var invite = _peer.WithVia(_scene.Request(SipMethod.Invite));
        _peer.Send(invite, Us);
        _scene.Advance(5);
        _peer.Send(invite, Us);
        _scene.Advance(5);

        Assert.Equal(["request INVITE"], _user.Heard);
        Assert.Equal(["183", "183"], _peer.Lines);
        Assert.Equal(1, _stack.TransactionCounters.RetransmissionsReceived);
    }

    [Fact]
    public void Invite_RefusedWithoutAck_RetransmitsAndTellsNoAck()
    {
        _user.Serve = t => Answer(t, 486);
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Invite)), Us);

        _scene.AssertNothingLeft();
        Assert.Equal(11, _peer.Messages.Count);
        Assert.Equal(["request INVITE", "no ack", "end"], _user.Heard);
    }

    [Theory]
    [InlineData("z9hG4bKx")]
    [InlineData("1")]
    [InlineData(null)]
    public void Invite_RefusedAndAcked_AbsorbsTheAck(string? branch)
    {
        _user.Serve = t => Answer(t, 486);
        var via = $"SIP/2.0/UDP {Them}{(branch is null ? "" : ";branch=" + branch)}";
        var invite = MessageEdit.Of(_scene.Request(SipMethod.Invite, "c")).Prepend(HeaderName.Via, via).BuildRequest();
        _peer.Send(invite, Us);
        _scene.Advance(5);
        var ack = MessageEdit.Of(_scene.Request(SipMethod.Ack, "c")).Prepend(HeaderName.Via, via).Replace(HeaderName.To, "<sip:bob@example.com>;tag=us").BuildRequest();
        _peer.Send(ack, Us);
        _peer.Send(ack, Us);
        _scene.Advance(2000);
        _peer.Send(ack, Us);
        _scene.Advance(5);

        Assert.Equal(["486"], _peer.Lines);
        Assert.Equal(["request INVITE"], _user.Heard);
        _scene.AssertNothingLeft();
        Assert.Equal(["request INVITE", "end"], _user.Heard);
    }

    [Fact]
    public void Rfc2543Ack_WithAnotherToTag_IsNotAbsorbed()
    {
        _user.Serve = t => Answer(t, 486);
        var via = $"SIP/2.0/UDP {Them}";
        _peer.Send(MessageEdit.Of(_scene.Request(SipMethod.Invite, "c")).Prepend(HeaderName.Via, via).BuildRequest(), Us);
        _peer.Send(MessageEdit.Of(_scene.Request(SipMethod.Ack, "c")).Prepend(HeaderName.Via, via).Replace(HeaderName.To, "<sip:bob@example.com>;tag=other").BuildRequest(), Us);
        _scene.Advance(600);

        Assert.Equal(["request INVITE", "ack"], _user.Heard);
        Assert.Equal(["486", "486"], _peer.Lines);
    }

    [Fact]
    public void Invite_Accepted_AbsorbsInvitesPassesAcksAndLate2xx()
    {
        _user.Serve = t => Answer(t, 200);
        var invite = _peer.WithVia(_scene.Request(SipMethod.Invite, "c"));
        _peer.Send(invite, Us);
        _scene.Advance(5);
        _peer.Send(invite, Us);
        _scene.Advance(1000);
        Assert.Equal(["200"], _peer.Lines);

        Answer(0, 200);
        Answer(0, 486);
        _scene.Advance(5);
        Assert.Equal(["200", "200"], _peer.Lines);
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Ack, "c"), "z9hG4bKack"), Us);
        _scene.Advance(5);

        Assert.Equal(["request INVITE", "ack"], _user.Heard);
        Assert.Equal(200, _user.Requests[0].FinalStatus);
        _scene.AssertNothingLeft();
        Assert.Equal(["request INVITE", "ack", "end"], _user.Heard);
    }

    [Fact]
    public void SuccessRetransmission_NoAck_SendsTenTimesAndTells()
    {
        var gaveUp = 0;
        _user.Serve = t => SuccessRetransmission.Start(_stack, t, t.Request.Message.Answer(200, toTag: "us").Build(), () => gaveUp++);
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Invite)), Us);

        _scene.AssertNothingLeft();
        Assert.Equal(11, _peer.Messages.Count);
        Assert.Equal(1, gaveUp);
    }

    [Fact]
    public void SuccessRetransmission_FirstAckLost_StopsWithTheSecond()
    {
        SuccessRetransmission? retransmission = null;
        _user.Serve = t => retransmission = SuccessRetransmission.Start(_stack, t, t.Request.Message.Answer(200, toTag: "us").Build(), () => _user.Heard.Add("gave up"));
        _user.Acknowledged = _ => retransmission!.Stop();
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Invite, "c")), Us);
        _scene.Advance(700);
        Assert.Equal(["200", "200"], _peer.Lines);
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Ack, "c"), "z9hG4bKack"), Us);

        _scene.AssertNothingLeft();
        Assert.Equal(["200", "200"], _peer.Lines);
        Assert.Equal(["request INVITE", "ack", "end"], _user.Heard);
    }

    [Fact]
    public void NonInvite_UserSlow_Gets100WhenTimerEReachesT2()
    {
        var request = _peer.WithVia(_scene.Request(SipMethod.Message));
        _peer.Send(request, Us);
        _scene.Advance(5);
        Answer(0, 100);
        Answer(0, 183);
        _peer.Send(request, Us);
        _scene.Advance(3000);
        Assert.Empty(_peer.Messages);
        _scene.Advance(600);
        Assert.Equal(["100"], _peer.Lines);
        Answer(0, 200);
        Answer(0, 486);
        _scene.Advance(5);
        _peer.Send(request, Us);
        _scene.Advance(5);

        Assert.Equal(["100", "200", "200"], _peer.Lines);
        Assert.Equal(["request MESSAGE"], _user.Heard);
        _scene.AssertNothingLeft();
        Assert.Equal(["request MESSAGE", "end"], _user.Heard);
    }

    [Fact]
    public void NonInvite_408_IsNeverSent()
    {
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Message)), Us);
        _scene.Advance(5);
        Answer(0, 408);
        Assert.True(_user.Requests[0].HasFinal);
        Assert.Equal(0, _stack.Snapshot.Pending);

        _scene.AssertNothingLeft();
        Assert.Equal(["100"], _peer.Lines);
    }

    [Fact]
    public void NonInvite_NeverAnswered_EndsWithTheClientsTimeout()
    {
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Message)), Us);

        _scene.AssertNothingLeft();
        Assert.Equal(["request MESSAGE", "end"], _user.Heard);
        Answer(0, 200);
        _scene.Advance(5);
        Assert.Equal(["100"], _peer.Lines);
    }

    [Fact]
    public void Request_SameBranchOtherSentBy_IsAnotherTransaction()
    {
        var other = _scene.Peer("192.0.2.3");
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Options, "c")), Us);
        other.Send(other.WithVia(_scene.Request(SipMethod.Options, "c")), Us);
        _scene.Advance(5);

        Assert.Equal(2, _user.Requests.Count);
    }

    [Fact]
    public void Request_UserThrows_Gets500()
    {
        _user.Serve = _ => throw new InvalidOperationException("a bug");
        _peer.Send(_peer.WithVia(_scene.Request(SipMethod.Options)), Us);
        _scene.Advance(5);

        Assert.Equal(["500"], _peer.Lines);
        Assert.Equal(1, _stack.TransactionCounters.UserFaults);
    }

    [Fact]
    public void Response_PeerUnreachable_TellsAndStays()
    {
        var gone = _scene.Network.Host("gone", "192.0.2.4");
        _peer.Send(MessageEdit.Of(_scene.Request(SipMethod.Invite)).Prepend(HeaderName.Via, "SIP/2.0/UDP 192.0.2.2:9;branch=z9hG4bKx").BuildRequest(), Us);
        _scene.Advance(5);
        Answer(0, 180);
        _scene.Advance(5);

        Assert.Equal(["request INVITE", "error ConnectionRefused"], _user.Heard);
        Assert.Equal(TransactionState.Proceeding, _user.Requests[0].State);
        Assert.NotNull(gone);
    }

    private static void Answer(ServerTransaction transaction, int status) =>
        transaction.Respond(transaction.Request.Message.Answer(status, toTag: status == 100 ? null : "us").Build());

    private void Answer(int which, int status) => Answer(_user.Requests[which], status);
}
