// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Stack.Transactions;

/// <summary>One client transaction that reaches one server by two addresses: the server sees one request, and what follows goes where the answer came from.</summary>
public sealed class TwoWayTests : IDisposable
{
    private const string Us4 = "192.0.2.1";
    private const string Us6 = "2001:db8::1";
    private const string Them4 = "192.0.2.2";
    private const string Them6 = "2001:db8::2";

    private readonly Scene _scene = new();
    private readonly RecordingUser _user = new();
    private readonly SipStack _stack;
    private readonly Peer _four;
    private readonly Peer _six;

    public TwoWayTests()
    {
        _stack = _scene.Stack([Us4, Us6], _user, new() { PoolTransactions = true });
        (_four, _six) = (_scene.Peer(Them4), _scene.Peer(Them6));
    }

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void SendAlso_TheSecondCopy_HasTheViaOfTheFirst()
    {
        _ = Begin();
        var (first, second) = (_six.LastRequest, _four.LastRequest);
        Assert.Equal(first.TopVia.ToString(), second.TopVia.ToString());
        Assert.Contains(Us6, second.TopVia.ToString(), StringComparison.Ordinal);
        Assert.Equal("second", second.Text(HeaderName.Subject));
    }

    [Fact]
    public void SendAlso_NobodyAnswers_BothAreRepeatedAndItTimesOutOnce()
    {
        _ = Begin();
        _scene.Advance(70_000);
        Assert.Equal((7, 7), (_six.Messages.Count, _four.Messages.Count));
        Assert.Equal(["timeout", "end"], _user.Heard);
        _scene.AssertNothingLeft();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Answer_ByOneWay_AckFollowsItWithTheFirstVia(bool bySecond)
    {
        var transaction = Begin();
        var via = _six.LastRequest.TopVia.ToString();
        var (taken, left) = bySecond ? (_four, _six) : (_six, _four);
        var us = bySecond ? Us4 : Us6;
        taken.Send(taken.LastRequest.Answer(180, toTag: "b").Build(), us);
        _scene.Advance(5);
        Assert.Equal(taken.LocalEndPoint, transaction.Target.EndPoint);
        Assert.Equal(taken.LocalEndPoint, transaction.Flow!.Remote);
        var copies = left.Messages.Count;
        taken.Send(taken.LastRequest.Answer(486, toTag: "b").Build(), us);
        _scene.Advance(5);
        Assert.Equal("ACK", taken.LastRequest.Method.Name);
        Assert.Equal(via, taken.LastRequest.TopVia.ToString());

        // The ACK was lost.
        taken.Send(((SipRequest)taken.Messages[0]).Answer(486, toTag: "b").Build(), us);
        _scene.Advance(5);
        Assert.Equal(["INVITE", "ACK", "ACK"], taken.Lines);
        Assert.Equal(via, taken.LastRequest.TopVia.ToString());
        Assert.Equal(copies, left.Messages.Count);
        Assert.Equal(["180", "486"], _user.Heard);
        _scene.AssertNothingLeft();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cancel_AfterAnAnswerByOneWay_FollowsItWithTheFirstVia(bool bySecond)
    {
        var transaction = Begin();
        var via = _six.LastRequest.TopVia.ToString();
        var (taken, left) = bySecond ? (_four, _six) : (_six, _four);
        var us = bySecond ? Us4 : Us6;
        var invite = taken.LastRequest;
        transaction.Cancel();
        taken.Send(invite.Answer(100).Build(), us);
        _scene.Advance(5);
        Assert.Equal("CANCEL", taken.LastRequest.Method.Name);
        Assert.Equal(via, taken.LastRequest.TopVia.ToString());
        taken.Send(taken.LastRequest.Answer(200, toTag: "b").Build(), us);
        taken.Send(invite.Answer(487, toTag: "b").Build(), us);
        _scene.Advance(5);
        Assert.Equal(["INVITE", "CANCEL", "ACK"], taken.Lines);
        Assert.Equal(["INVITE"], left.Lines);
        Assert.Equal(["100", "487"], _user.Heard);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Success_ByEitherWay_IsTold()
    {
        _ = Begin();
        _four.Send(_four.LastRequest.Answer(200, toTag: "b").Build(), Us4);
        _six.Send(_six.LastRequest.Answer(200, toTag: "b").Build(), Us6);
        _scene.Advance(5);
        Assert.Equal(["200", "200"], _user.Heard);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void MergedRequest_ByTheOtherWayWhileOneRings_IsThankedAndChangesNothing()
    {
        _ = Begin();
        _four.Send(_four.LastRequest.Answer(180, toTag: "b").Build(), Us4);
        _scene.Advance(5);
        _six.Send(_six.LastRequest.Answer(482, toTag: "c").Build(), Us6);
        _scene.Advance(5);
        Assert.Equal(["INVITE", "ACK"], _six.Lines);
        _four.Send(_four.LastRequest.Answer(200, toTag: "b").Build(), Us4);
        _scene.Advance(5);
        Assert.Equal(["180", "200"], _user.Heard);
        _scene.AssertNothingLeft();
    }

    [Theory]
    [InlineData(Them6, Them4)]
    [InlineData(Them4, Them6)]
    public void Unreachable_OneWay_TheOtherGoesOn(string lost, string left)
    {
        using var scene = new Scene();
        var user = new RecordingUser();
        var stack = scene.Stack([Us4, Us6], user, new() { PoolTransactions = true });
        var peer = scene.Peer(left);
        scene.Network.Host("deaf", lost); // no port is bound: ICMP
        scene.Faults.Delay = TimeSpan.FromMilliseconds(20);
        var transaction = stack.Send(scene.Request(SipMethod.Invite), Scene.To(Them6), user);
        Assert.True(transaction.SendAlso(Copy(transaction), Scene.To(Them4)));
        scene.Advance(700);
        Assert.Equal([$"lost {Scene.To(lost).EndPoint} ConnectionRefused"], user.Heard);
        Assert.Equal(peer.LocalEndPoint, transaction.Target.EndPoint);
        peer.Send(peer.LastRequest.Answer(200, toTag: "b").Build(), left == Them4 ? Us4 : Us6);
        scene.Advance(50);
        Assert.Equal("200", user.Heard[^1]);
        scene.AssertNothingLeft();
    }

    [Fact]
    public void Unreachable_BothWays_IsOneTransportError()
    {
        using var scene = new Scene();
        var user = new RecordingUser();
        var stack = scene.Stack([Us4, Us6], user, new() { PoolTransactions = true });
        scene.Network.Host("deaf", Them4, Them6);
        var transaction = stack.Send(scene.Request(SipMethod.Invite), Scene.To(Them6), user);
        Assert.True(transaction.SendAlso(Copy(transaction), Scene.To(Them4)));
        scene.Advance(2000);
        Assert.Single(user.Heard, "error ConnectionRefused");
        Assert.Equal("end", user.Heard[^1]);
        scene.AssertNothingLeft();
    }

    [Fact]
    public void SendAlso_AfterAnAnswer_IsNotSent()
    {
        var transaction = _stack.Send(_scene.Request(SipMethod.Invite), Scene.To(Them6), _user);
        _scene.Advance(5);
        _six.Send(_six.LastRequest.Answer(100).Build(), Us6);
        _scene.Advance(5);
        Assert.False(transaction.SendAlso(Copy(transaction), Scene.To(Them4)));
        _scene.Advance(1000);
        Assert.Empty(_four.Messages);
    }

    [Fact]
    public void StopRepeating_Unheard_IsNotRepeatedAndALateAnswerIsHeard()
    {
        var transaction = _stack.Send(_scene.Request(SipMethod.Invite), Scene.To(Them6), _user);
        _scene.Advance(300);
        transaction.StopRepeating();
        _scene.Advance(10_000);
        Assert.Equal(["INVITE"], _six.Lines);
        _six.Send(_six.LastRequest.Answer(180, toTag: "b").Build(), Us6);
        _scene.Advance(5);
        Assert.Equal(["180"], _user.Heard);
        _six.Send(((SipRequest)_six.Messages[0]).Answer(200, toTag: "b").Build(), Us6);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void SendAlso_NonInvite_IsRepeatedBothWaysAndAnsweredByOne()
    {
        var transaction = _stack.Send(_scene.Request(SipMethod.Message), Scene.To(Them6), _user);
        _scene.Advance(300);
        Assert.True(transaction.SendAlso(Copy(transaction), Scene.To(Them4)));
        _scene.Advance(300);
        Assert.Equal((2, 2), (_six.Messages.Count, _four.Messages.Count));
        _four.Send(_four.LastRequest.Answer(200, toTag: "b").Build(), Us4);
        _scene.Advance(5000);
        Assert.Equal((2, 2), (_six.Messages.Count, _four.Messages.Count));
        Assert.Equal("200", _user.Heard[0]);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void SendAlso_TooLongForUdp_BothGoByTcp()
    {
        using var scene = new Scene();
        var (user, server) = (new RecordingUser(), new RecordingUser());
        var stack = scene.Stack([Us4, Us6], user);
        _ = scene.Stack([Them4, Them6], server);
        scene.Faults.Blackhole = IpVersions.V6;
        var long1 = MessageEdit.Of(scene.Request(SipMethod.Invite)).Append(HeaderName.Subject, new string('x', 1400)).BuildRequest();
        var transaction = stack.Send(long1, Scene.To(Them6), user);
        scene.Advance(300);
        Assert.Equal(SipTransport.Tcp, transaction.Flow!.Transport);
        Assert.True(transaction.SendAlso(MessageEdit.Of(long1), Scene.To(Them4)));
        scene.Advance(20);
        Assert.Equal(SipTransport.Tcp, Assert.Single(server.Requests).Request.Flow.Transport);
        server.Requests[0].Respond(server.Requests[0].Request.Message.Answer(486, toTag: "b").Build());
        scene.Advance(20);
        Assert.Contains("486", user.Heard);
        Assert.Equal(SipTransport.Tcp, transaction.Flow.Transport);
        scene.Advance(10_000);
        scene.AssertNothingLeft();
    }

    [Fact]
    public void SendAlso_TooLongForUdpAndNoTcp_GoesByUdpWithTheSameNameAndBranch()
    {
        _scene.Faults.Blackhole = IpVersions.V6;
        var long1 = MessageEdit.Of(_scene.Request(SipMethod.Invite)).Append(HeaderName.Subject, new string('x', 1400)).BuildRequest();
        var transaction = _stack.Send(long1, Scene.To(Them6), _user);
        var branch = transaction.Request.TopVia;
        _scene.Advance(300);
        Assert.True(transaction.SendAlso(MessageEdit.Of(long1), Scene.To(Them4)));
        _scene.Advance(20);
        var received = _four.LastRequest.TopVia;
        Assert.Equal(("UDP", branch.SentBy, branch.Branch), (received.TransportToken, received.SentBy, received.Branch));
        _four.Send(_four.LastRequest.Answer(486, toTag: "b").Build(), Us4);
        _scene.Advance(20);
        Assert.Equal("486", _user.Heard[0]);
        Assert.Equal("ACK", _four.LastRequest.Method.Name);
        Assert.Equal(branch.Branch, _four.LastRequest.TopVia.Branch);
        _scene.AssertNothingLeft();
    }

    private ClientTransaction Begin()
    {
        var transaction = _stack.Send(_scene.Request(SipMethod.Invite), Scene.To(Them6), _user);
        Assert.True(transaction.SendAlso(Copy(transaction), Scene.To(Them4)));
        _scene.Advance(5);
        return transaction;
    }

    private static MessageEdit Copy(ClientTransaction transaction) =>
        MessageEdit.Of(transaction.Request).RemoveFirstValue(HeaderName.Via).Append(HeaderName.Subject, "second");
}
