// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Transactions;

/// <summary>Client transactions of a stack against a bare UDP socket, on both IP versions where it matters.</summary>
public sealed class ClientTransactionTests : IDisposable
{
    private const string Us = "192.0.2.1";
    private const string Them = "192.0.2.2";

    private readonly Scene _scene = new();
    private readonly RecordingUser _user = new();
    private readonly SipStack _stack;
    private readonly Peer _peer;

    public ClientTransactionTests()
    {
        _stack = _scene.Stack(Us, _user);
        _peer = _scene.Peer(Them);
    }

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::2", "SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bK")]
    [InlineData("198.51.100.1", "198.51.100.2", "SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bK")]
    public void Send_PutsItsViaOnTop(string us, string them, string expected)
    {
        var stack = _scene.Stack(us, _user);
        var peer = _scene.Peer(them);
        var proxied = MessageEdit.Of(_scene.Request(SipMethod.Options)).Prepend(HeaderName.Via, "SIP/2.0/UDP other;branch=z9hG4bKbelow").BuildRequest();

        var transaction = stack.Send(proxied, Scene.To(them), _user, branchSuffix: "loop");
        _scene.Advance(5);

        Assert.StartsWith(expected, peer.LastRequest.TopVia.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(".loop", peer.LastRequest.TopVia.Branch, StringComparison.Ordinal);
        Assert.True(peer.LastRequest.TopVia.HasRport);
        Assert.Equal("z9hG4bKbelow", peer.LastRequest.Vias[1].Branch);
        Assert.Equal(peer.LastRequest.TopVia.Branch, transaction.Request.TopVia.Branch);
        _peer.Send(peer.LastRequest.Answer(200, toTag: "b").Build(), Us);
    }

    [Fact]
    public void Send_WhatItsUserWrote_IsATransactionLikeAnother()
    {
        SipRequest written = _scene.Request(SipMethod.Options);

        var transaction = _stack.Send(new RequestText(SipMethod.Options, written.Span, written.Body.Length), written.CallIdHash, Scene.To(Them), _user, "mine");
        _scene.Advance(600);
        SipRequest heard = _peer.LastRequest;
        _peer.Send(heard.Answer(200, toTag: "b").Build(), Us);
        _scene.Advance(5);

        Assert.Equal(2, _peer.Messages.Count);
        Assert.Equal("mine", transaction.Tag);
        Assert.Equal(written.Span, MessageEdit.Of(heard).RemoveFirstValue(HeaderName.Via).BuildRequest().Span);
        Assert.Equal("200", _user.Heard[0]);
    }

    [Fact]
    public void Send_WhatItsUserWroteToWhereThereIsNoWay_Fails()
    {
        SipRequest written = _scene.Request(SipMethod.Options);

        var transaction = _stack.Send(new RequestText(SipMethod.Options, written.Span, written.Body.Length), written.CallIdHash, Scene.To("2001:db8::2"), _user);
        _scene.Advance(5);

        Assert.Null(transaction.Flow);
        Assert.Equal(written.Span, transaction.Request.Span);
        Assert.StartsWith("error", _user.Heard[0], StringComparison.Ordinal);
        Assert.Empty(_peer.Messages);
    }

    [Fact]
    public void Invite_NoAnswer_RetransmitsSevenTimesAndTimesOut()
    {
        var transaction = _stack.Send(_scene.Request(SipMethod.Invite), Scene.To(Them), _user);

        _scene.Advance(31_900);
        Assert.Equal(7, _peer.Messages.Count);
        Assert.Single(_peer.Messages.Select(message => message.TopVia.Branch).Distinct());
        Assert.Empty(_user.Heard);
        _scene.Advance(200);
        Assert.Equal(["timeout", "end"], _user.Heard);
        Assert.Equal(TransactionState.Terminated, transaction.State);
        _scene.AssertNothingLeft();
        Assert.Equal(7, _peer.Messages.Count);
    }

    [Fact]
    public void NonInvite_NoAnswer_RetransmitsElevenTimesAndTimesOut()
    {
        _stack.Send(_scene.Request(SipMethod.Options), Scene.To(Them), _user);

        _scene.AssertNothingLeft();
        Assert.Equal(11, _peer.Messages.Count);
        Assert.Equal(["timeout", "end"], _user.Heard);
    }

    [Fact]
    public void NonInvite_FinalTwice_IsDeliveredOnce()
    {
        _stack.Send(_scene.Request(SipMethod.Options), Scene.To(Them), _user);
        _scene.Advance(5);
        var answer = _peer.LastRequest.Answer(200, toTag: "b").Build();
        _peer.Send(answer, Us);
        _peer.Send(answer, Us);

        _scene.Advance(100);
        Assert.Equal(["200"], _user.Heard);
        Assert.Equal(1, _stack.LiveTransactions);
        _scene.Advance(5000);
        Assert.Equal(["200", "end"], _user.Heard);
        _peer.Send(answer, Us);
        _scene.Advance(5);
        Assert.Equal(["200", "end", "stray 200"], _user.Heard);
        Assert.Single(_peer.Messages);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Invite_Refused_AcksEveryRetransmissionAndTellsOnce()
    {
        var invite = MessageEdit.Of(_scene.Request(SipMethod.Invite)).Append(HeaderName.Route, "<sip:proxy.example;lr>").BuildRequest();
        _stack.Send(invite, Scene.To(Them), _user);
        _scene.Advance(5);
        var sent = _peer.LastRequest;
        var refusal = sent.Answer(486, toTag: "busy").Build();
        _peer.Send(refusal, Us);
        _scene.Advance(5);
        _peer.Send(refusal, Us);
        _scene.Advance(5);

        Assert.Equal(["486"], _user.Heard);
        Assert.Equal(["INVITE", "ACK", "ACK"], _peer.Lines);
        var ack = _peer.LastRequest;
        Assert.Equal(sent.TopVia.ToString(), ack.TopVia.ToString());
        Assert.Single(ack.Vias);
        Assert.Equal(sent.RequestUriText, ack.RequestUriText);
        Assert.Equal(sent.Text(HeaderName.From), ack.Text(HeaderName.From));
        Assert.Equal("busy", ack.To.Tag);
        Assert.Equal("1 ACK", ack.CSeq.ToString());
        Assert.Equal("<sip:proxy.example;lr>", ack.Text(HeaderName.Route));
        _scene.AssertNothingLeft();
        Assert.Equal(["486", "end"], _user.Heard);
    }

    [Fact]
    public void Invite_ForkedAndRetransmitted200_AllReachTheUserUntilTimerM()
    {
        _stack.Send(_scene.Request(SipMethod.Invite), Scene.To(Them), _user);
        _scene.Advance(5);
        var invite = _peer.LastRequest;
        foreach (var tag in (string[])["one", "one", "two"])
        {
            _peer.Send(invite.Answer(200, toTag: tag).Build(), Us);
            _scene.Advance(1000);
        }

        // RFC 6026: what else comes after a 2xx means nothing.
        _peer.Send(invite.Answer(486, toTag: "three").Build(), Us);
        _peer.Send(invite.Answer(180, toTag: "three").Build(), Us);
        _scene.Advance(28_500);
        _peer.Send(invite.Answer(200, toTag: "late").Build(), Us);
        _scene.Advance(100);

        Assert.Equal(["200", "200", "200", "200"], _user.Heard);
        Assert.Equal(["one", "one", "two", "late"], _user.Responses.Select(response => response.To.Tag));
        _scene.Advance(1000);
        _peer.Send(invite.Answer(200, toTag: "toolate").Build(), Us);
        _scene.Advance(5);
        Assert.Equal(["200", "200", "200", "200", "end", "stray 200"], _user.Heard);
        Assert.Equal(["INVITE"], _peer.Lines);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Invite_Provisional_StopsRetransmissionAndTimeout()
    {
        _stack.Send(_scene.Request(SipMethod.Invite), Scene.To(Them), _user);
        _scene.Advance(600);
        _peer.Send(_peer.LastRequest.Answer(180, toTag: "b").Build(), Us);
        _scene.Advance(120_000);

        Assert.Equal(2, _peer.Messages.Count);
        Assert.Equal(["180"], _user.Heard);
        _peer.Send(_peer.LastRequest.Answer(603, toTag: "b").Build(), Us);
        _scene.AssertNothingLeft();
        Assert.Equal(["180", "603", "end"], _user.Heard);
    }

    [Fact]
    public void Send_PortClosed_TellsUnreachableAtOnce()
    {
        _scene.Network.Host("closed", "192.0.2.3");
        _stack.Send(_scene.Request(SipMethod.Invite), Scene.To("192.0.2.3"), _user);
        _scene.Advance(10);

        Assert.Equal(["error ConnectionRefused", "end"], _user.Heard);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Send_NoListenerOfThatVersion_TellsTransportError()
    {
        _stack.Send(_scene.Request(SipMethod.Invite), Scene.To("2001:db8::9"), _user);

        _scene.AssertNothingLeft();
        Assert.Equal(2, _user.Heard.Count);
        Assert.StartsWith("error", _user.Heard[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Send_TooLongForUdpAndNoTcp_RepeatsByUdpUntilAnswered()
    {
        var invite = MessageEdit.Of(_scene.Request(SipMethod.Invite)).Append(HeaderName.Subject, new string('x', 1300)).BuildRequest();
        var transaction = _stack.Send(invite, Scene.To(Them), _user);
        Assert.Equal(SipTransport.Tcp, transaction.Flow!.Transport);
        _scene.Advance(600);

        Assert.Equal(["INVITE", "INVITE"], _peer.Lines);
        Assert.Equal(SipTransport.Udp, transaction.Flow!.Transport);
        Assert.Equal("UDP", _peer.LastRequest.TopVia.TransportToken);
        Assert.Equal("UDP", transaction.Request.TopVia.TransportToken);
        transaction.Cancel();
        _peer.Send(_peer.LastRequest.Answer(180, toTag: "b").Build(), Us);
        _scene.Advance(5);
        Assert.Equal("CANCEL", _peer.LastRequest.Method.Name);
        Assert.Equal(transaction.Request.TopVia.ToString(), _peer.LastRequest.TopVia.ToString());
        _peer.Send(transaction.Request.Answer(487, toTag: "b").Build(), Us);
        _scene.Advance(5);
        Assert.Equal(["180", "487"], _user.Heard);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Send_OnTheOwner_ReturnsBeforeAnyCallback()
    {
        _stack.RunIn("c", () =>
        {
            var transaction = _stack.Send(_scene.Request(SipMethod.Options, "c"), Scene.To("2001:db8::9"), _user, tag: this);
            Assert.Empty(_user.Heard);
            Assert.Same(this, transaction.Tag);
        });

        Assert.Equal("end", _user.Heard[^1]);
        Assert.Equal(0, _stack.TransactionCounters.UserFaults);
    }

    [Fact]
    public void Response_OtherCSeqMethod_MatchesNothing()
    {
        _stack.Send(_scene.Request(SipMethod.Invite), Scene.To(Them), _user);
        _scene.Advance(5);
        var wrong = MessageEdit.Of(_peer.LastRequest.Answer(200, toTag: "b").Build()).Replace(HeaderName.CSeq, "1 OPTIONS").BuildResponse();
        _peer.Send(wrong, Us);
        _scene.Advance(5);

        Assert.Equal(["stray 200"], _user.Heard);
    }
}
