// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Transactions;

/// <summary>Forwarding without state (RFC 3261 §16.11), and the timer and the targets that a proxy takes from the stack.</summary>
public sealed class StatelessTests : IDisposable
{
    private const string Us = "192.0.2.1";

    private readonly Scene _scene = new();
    private readonly Relay _relay = new();
    private readonly SipStack _stack;
    private readonly Peer _caller;
    private readonly Peer _callee;

    public StatelessTests()
    {
        _stack = _scene.Stack(Us, _relay, new() { PoolTransactions = true });
        _relay.Stack = _stack;
        _caller = _scene.Peer("192.0.2.2");
        _callee = _scene.Peer("192.0.2.3");
    }

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Request_TakenWithoutState_GoesOnAndItsAnswerBackAndNothingIsKept()
    {
        _caller.Send(_caller.WithVia(_scene.Request(SipMethod.Options)), Us);
        _scene.Advance(5);
        _callee.Send(_callee.LastRequest.Answer(200, toTag: "b").Build(), Us);
        _scene.Advance(5);

        Assert.Equal(2, _callee.LastRequest.Vias.Count);
        Assert.Equal(["200"], _caller.Lines);
        Assert.Equal("z9hG4bKpeer1", Assert.Single(_caller.LastResponse.Vias).Branch);
        Assert.Equal(0, _stack.LiveTransactions);
        Assert.Equal(0, _stack.TransactionCounters.UserFaults);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Branch_OfRetransmissionAndCancel_IsTheSameAndOfAnotherRequestIsNot()
    {
        var invite = _scene.Request(SipMethod.Invite, "c");
        _caller.Send(_caller.WithVia(invite), Us);
        _caller.Send(_caller.WithVia(invite), Us);
        _caller.Send(_caller.WithVia(_scene.Request(SipMethod.Cancel, "c")), Us);
        _caller.Send(_caller.WithVia(_scene.Request(SipMethod.Invite, "c"), "z9hG4bKother"), Us);
        _scene.Advance(5);

        var branches = _callee.Messages.Select(message => message.TopVia.Branch).ToList();
        Assert.Equal(4, branches.Count);
        Assert.Equal(branches[0], branches[1]);
        Assert.Equal(branches[0], branches[2]);
        Assert.NotEqual(branches[0], branches[3]);
        Assert.EndsWith(".s", branches[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Timer_OfAClientTransaction_FiresOnceWhereItWasLastSet()
    {
        var user = new TimedUser();
        var stack = _scene.Stack("192.0.2.9", user);
        var transaction = stack.Send(_scene.Request(SipMethod.Invite), Scene.To("192.0.2.3"), user);
        transaction.SetTimer(TimeSpan.FromSeconds(2));
        _scene.Advance(1500);
        transaction.SetTimer(TimeSpan.FromSeconds(3));
        _scene.Advance(2990);
        Assert.Equal(0, user.Fired);
        _scene.Advance(30);
        Assert.Equal(1, user.Fired);

        transaction.SetTimer(TimeSpan.FromSeconds(1));
        transaction.StopTimer();
        _scene.Advance(5000);
        Assert.Equal(1, user.Fired);
        _callee.Send(_callee.LastRequest.Answer(480, toTag: "b").Build(), "192.0.2.9");
        _scene.AssertNothingLeft();
    }

    [Theory]
    [InlineData("192.0.2.7", true)]
    [InlineData("[2001:db8::7]", true)]
    [InlineData("2001:db8::7", true)]
    [InlineData("proxy.example.com", false)]
    [InlineData("1", false)]
    [InlineData("", false)]
    public void TryTargetOf_AnAddressInText_IsFoundAndTheSameNextTime(string host, bool found)
    {
        Assert.Equal(found, _stack.TryTargetOf(SipTransport.Udp, Encoding.ASCII.GetBytes(host), 5060, out var target));
        if (found)
        {
            Assert.Equal(host.Trim('[', ']'), target!.EndPoint.Address.ToString());
            Assert.True(_stack.TryTargetOf(SipTransport.Udp, Encoding.ASCII.GetBytes(host), 5060, out var again));
            Assert.Same(target, again);
            Assert.True(_stack.TryTargetOf(SipTransport.Tcp, Encoding.ASCII.GetBytes(host), 5060, out var other));
            Assert.NotEqual(target, other);
            Assert.Same(_stack.TargetOf(SipTransport.Udp, target.EndPoint), _stack.TargetOf(SipTransport.Udp, target.EndPoint));
        }

        Assert.False(_stack.TryTargetOf(SipTransport.Udp, Encoding.ASCII.GetBytes(host), 0, out _));
    }

    /// <summary>Forwards everything to one place.</summary>
    private sealed class Relay : ITransactionUser
    {
        public SipStack? Stack { get; set; }

        public bool TakesWithoutState(ReceivedRequest request)
        {
            Stack!.SendStateless(MessageEdit.Of(request.Message), Scene.To("192.0.2.3"), "s"u8, Stack.StatelessIdOf(request.Message));
            return true;
        }

        public void OnRequest(ServerTransaction transaction) => Assert.Fail("a transaction was made");

        public void OnAck(ReceivedRequest ack) => Assert.Fail("no ACK was sent");

        public void OnCancel(ServerTransaction invite, ReceivedRequest cancel) => Assert.Fail("there is no INVITE");

        public void OnResponse(ReceivedResponse stray) =>
            Stack!.SendStateless(MessageEdit.Of(stray.Message).RemoveFirstValue(HeaderName.Via).BuildResponse(Stack.Messages));
    }

    private sealed class TimedUser : ITransactionUser, IClientTransactionUser
    {
        public int Fired { get; private set; }

        public void OnTimer(ClientTransaction transaction) => Fired++;

        public void OnRequest(ServerTransaction transaction)
        {
        }

        public void OnAck(ReceivedRequest ack)
        {
        }

        public void OnCancel(ServerTransaction invite, ReceivedRequest cancel)
        {
        }

        public void OnResponse(ReceivedResponse stray)
        {
        }

        public void OnResponse(ClientTransaction transaction, SipResponse response)
        {
        }

        public void OnTimeout(ClientTransaction transaction)
        {
        }

        public void OnTransportError(ClientTransaction transaction, System.Net.Sockets.SocketError? error)
        {
        }
    }
}
