// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Transactions;

/// <summary>Two stacks on a network that loses, doubles and reorders: the users notice nothing but time.</summary>
public sealed class TwoStackTests
{
    private const int Calls = 30;

    public static TheoryData<SipTransport, bool, bool, int> Networks
    {
        get
        {
            var data = new TheoryData<SipTransport, bool, bool, int>();
            foreach (var v6 in (bool[])[false, true])
            {
                foreach (var pooled in (bool[])[false, true])
                {
                    data.Add(SipTransport.Tcp, v6, pooled, 1);
                    for (var seed = 1; seed <= 4; seed++)
                    {
                        data.Add(SipTransport.Udp, v6, pooled, seed);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void NonInvite_BadNetwork_EveryRequestIsServedOnceAndAnsweredOnce(SipTransport transport, bool v6, bool pooled, int seed)
    {
        using var pair = new Pair(transport, v6, pooled, seed);
        pair.Callee.Serve = t => t.Respond(t.Request.Message.Answer(200, toTag: "b").Build());
        for (var i = 0; i < Calls; i++)
        {
            pair.Send(SipMethod.Message);
        }

        pair.Scene.AssertNothingLeft();
        Assert.Equal(Calls, pair.Callee.Requests.Count);
        Assert.Equal(Calls, pair.Caller.Heard.Count(heard => heard == "200"));
        Assert.Equal(Calls, pair.Caller.Heard.Count(heard => heard == "end"));
        Assert.DoesNotContain("timeout", pair.Caller.Heard);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void InviteRefused_BadNetwork_EveryRefusalIsAcknowledged(SipTransport transport, bool v6, bool pooled, int seed)
    {
        using var pair = new Pair(transport, v6, pooled, seed);
        pair.Callee.Serve = t => t.Respond(t.Request.Message.Answer(486, toTag: "b").Build());
        for (var i = 0; i < Calls; i++)
        {
            pair.Send(SipMethod.Invite);
        }

        pair.Scene.AssertNothingLeft();
        Assert.Equal(Calls, pair.Callee.Requests.Count);
        Assert.Equal(Calls, pair.Caller.Heard.Count(heard => heard == "486"));
        Assert.DoesNotContain("timeout", pair.Caller.Heard);
        Assert.DoesNotContain("no ack", pair.Callee.Heard);
        Assert.DoesNotContain("ack", pair.Callee.Heard);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void InviteAccepted_BadNetwork_EveryDialogIsConfirmed(SipTransport transport, bool v6, bool pooled, int seed)
    {
        using var pair = new Pair(transport, v6, pooled, seed);
        var invites = new Dictionary<string, SipRequest>();
        var unconfirmed = new Dictionary<string, SuccessRetransmission>();
        var contact = v6 ? "<sip:bob@[2001:db8::2]>" : "<sip:bob@192.0.2.2>";
        pair.Callee.Serve = t =>
        {
            var success = t.Request.Message.Answer(200, toTag: "b").Header(HeaderName.Contact, contact).Build();
            unconfirmed.Add(t.CallId, SuccessRetransmission.Start(pair.CalleeStack, t, success, () => pair.Callee.Heard.Add("gave up")));
        };
        pair.Callee.Acknowledged = ack =>
        {
            if (unconfirmed.Remove(ack.Message.CallId, out var retransmission))
            {
                retransmission.Stop();
            }
        };
        pair.Caller.Answered = (t, response) =>
        {
            var dialog = Dialog.FromResponse(invites[response.CallId], response);
            Assert.NotNull(dialog);
            pair.CallerStack.SendStateless(dialog.NewAck(response.CSeq.Number).Build(), pair.Target);
        };
        for (var i = 0; i < Calls; i++)
        {
            var invite = pair.Send(SipMethod.Invite).Request;
            invite.Share();
            invites.Add(invite.CallId, invite);
        }

        pair.Scene.AssertNothingLeft();
        Assert.Empty(unconfirmed);
        Assert.Equal(Calls, pair.Callee.Requests.Count);
        Assert.DoesNotContain("gave up", pair.Callee.Heard);
        Assert.DoesNotContain("timeout", pair.Caller.Heard);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void InviteCancelled_BadNetwork_EveryCallEndsWith487(SipTransport transport, bool v6, bool pooled, int seed)
    {
        using var pair = new Pair(transport, v6, pooled, seed);
        pair.Callee.Cancelled = t => t.Respond(t.Request.Message.Answer(487, toTag: "b").Build());
        for (var i = 0; i < Calls; i++)
        {
            pair.Send(SipMethod.Invite).Cancel();
        }

        pair.Scene.AssertNothingLeft();
        Assert.Equal(Calls, pair.Callee.Heard.Count(heard => heard == "cancel"));
        Assert.Equal(Calls, pair.Caller.Heard.Count(heard => heard == "487"));
        Assert.DoesNotContain("timeout", pair.Caller.Heard);
    }

    [Theory]
    [InlineData(SipTransport.Udp)]
    [InlineData(SipTransport.Tcp)]
    public void Silence_BothEndsForgetEverything(SipTransport transport)
    {
        using var pair = new Pair(transport, v6: true, pooled: true, seed: 1);
        pair.Scene.Faults.Blackhole = IpVersions.V6;
        pair.Send(SipMethod.Invite);
        pair.Send(SipMethod.Options);

        pair.Scene.Advance(130_000);
        pair.Scene.AssertNothingLeft();
        Assert.Equal(2, pair.Caller.Heard.Count(heard => heard == "end"));
        Assert.Equal(4, pair.Caller.Heard.Count);
        Assert.Empty(pair.Callee.Heard);
    }

    private sealed class Pair : IDisposable
    {
        public Pair(SipTransport transport, bool v6, bool pooled, int seed)
        {
            Scene = new Scene(seed);
            var options = new SipStackOptions { PoolTransactions = pooled };
            CallerStack = Scene.Stack(v6 ? "2001:db8::1" : "192.0.2.1", Caller, options);
            CalleeStack = Scene.Stack(v6 ? "2001:db8::2" : "192.0.2.2", Callee, options);
            Target = Scene.To(v6 ? "2001:db8::2" : "192.0.2.2", transport);
            Scene.Faults.Loss = 0.2;
            Scene.Faults.Duplication = 0.2;
            Scene.Faults.Reordering = 0.2;
        }

        public Scene Scene { get; }

        public RecordingUser Caller { get; } = new();

        public RecordingUser Callee { get; } = new();

        public SipStack CallerStack { get; }

        public SipStack CalleeStack { get; }

        public Target Target { get; }

        public ClientTransaction Send(SipMethod method) => CallerStack.Send(Scene.Request(method), Target, Caller);

        public void Dispose() => Scene.Dispose();
    }
}
