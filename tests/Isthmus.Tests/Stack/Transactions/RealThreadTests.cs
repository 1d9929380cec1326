// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Tests.Stack.Transactions;

/// <summary>Two stacks on loopback sockets, with real threads and real time: many conversations at once, each in order.</summary>
public sealed class RealThreadTests
{
    private const int Callers = 4;
    private const int CallsEach = 150;

    [Theory]
    [InlineData("127.0.0.1", SipTransport.Udp)]
    [InlineData("::1", SipTransport.Udp)]
    [InlineData("127.0.0.1", SipTransport.Tcp)]
    [InlineData("::1", SipTransport.Tcp)]
    public async Task ManyConversations_EachIsServedInOrderByOneThreadAtATime(string address, SipTransport transport)
    {
        var ip = IPAddress.Parse(address);
        Assert.SkipUnless(ip.AddressFamily == AddressFamily.InterNetwork || Socket.OSSupportsIPv6, "This host has no IPv6.");
        var callee = new Callee();
        await using var server = Stack(ip, transport, callee);
        var target = new Target(transport, server.Listeners[0].LocalEndPoint);
        var caller = new Caller(target);
        await using var client = Stack(ip, transport, caller);
        caller.Stack = client;
        callee.Stack = server;

        var threads = new Thread[Callers];
        for (var t = 0; t < Callers; t++)
        {
            var name = t;
            threads[t] = new Thread(() =>
            {
                for (var call = 0; call < CallsEach; call++)
                {
                    caller.Call($"{name}-{call}");
                }
            });
        }

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        await caller.AllEnded.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Empty(caller.Faults);
        Assert.Empty(callee.Faults);
        Assert.Equal(0, server.TransactionCounters.UserFaults + client.TransactionCounters.UserFaults);
        Assert.True(await server.DrainAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, client.Snapshot.Waiting + server.Snapshot.Waiting);
    }

    private static SipStack Stack(IPAddress ip, SipTransport transport, ITransactionUser user)
    {
        var options = new SipStackOptions { Transport = new() { Listeners = [new() { Transport = transport, Address = ip, Port = 0 }] } };
        var stack = new SipStack(options, new SystemNetwork(), TimeProvider.System, NullLoggerFactory.Instance);
        Assert.Single(stack.Start(user).Listeners);
        return stack;
    }

    /// <summary>Rings, answers, takes the BYE; notices when two threads are in one call at a time.</summary>
    private sealed class Callee : ITransactionUser
    {
        private readonly ConcurrentDictionary<string, int> _inside = new();
        private readonly ConcurrentDictionary<string, SuccessRetransmission> _answered = new();

        public SipStack? Stack { get; set; }

        public ConcurrentQueue<string> Faults { get; } = new();

        public void OnRequest(ServerTransaction transaction) => Alone(transaction.CallId, () =>
        {
            var request = transaction.Request.Message;
            if (transaction.Method == SipMethod.Invite)
            {
                transaction.Respond(request.Answer(180, toTag: "b").Build());
                var contact = $"<sip:bob@{transaction.Flow.SentBy};transport={transaction.Flow.Transport.UriToken}>";
                var success = request.Answer(200, toTag: "b").Header(HeaderName.Contact, contact).Build();
                _answered[transaction.CallId] = SuccessRetransmission.Start(Stack!, transaction, success, () => Faults.Enqueue("no ack"));
            }
            else
            {
                if (!_answered.TryGetValue(transaction.CallId, out var answered))
                {
                    Faults.Enqueue("BYE before INVITE");
                }

                // The ACK may be lost; whoever says BYE has the 200.
                answered?.Stop();
                transaction.Respond(request.Answer(200).Build());
            }
        });

        public void OnAck(ReceivedRequest ack) => Alone(ack.Message.CallId, () => _answered[ack.Message.CallId].Stop());

        public void OnCancel(ServerTransaction invite, ReceivedRequest cancel) => Faults.Enqueue("cancel");

        public void OnResponse(ReceivedResponse stray) => Faults.Enqueue("stray");

        private void Alone(string callId, Action work)
        {
            if (_inside.AddOrUpdate(callId, 1, static (_, inside) => inside + 1) != 1)
            {
                Faults.Enqueue($"two threads in {callId}");
            }

            work();
            _inside.AddOrUpdate(callId, 0, static (_, inside) => inside - 1);
        }
    }

    /// <summary>INVITE, ACK, BYE; notices when something comes in the wrong order.</summary>
    private sealed class Caller(Target target) : ITransactionUser, IClientTransactionUser
    {
        private readonly ConcurrentDictionary<string, Dialog> _dialogs = new();
        private int _ended;

        public SipStack? Stack { get; set; }

        public ConcurrentQueue<string> Faults { get; } = new();

        public TaskCompletionSource AllEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Call(string callId)
        {
            Assert.True(NameAddr.TryParse("<sip:bob@example.com>", out var bob));
            Assert.True(NameAddr.TryParse("<sip:alice@example.com>;tag=a", out var alice));
            var invite = new RequestBuilder(SipMethod.Invite, "sip:bob@example.com").MaxForwards().From(alice).To(bob).CallId(callId).CSeq(1).Build();
            Stack!.Send(invite, target, this);
        }

        public void OnResponse(ClientTransaction transaction, SipResponse response)
        {
            if (response.IsProvisional)
            {
                if (_dialogs.ContainsKey(transaction.CallId))
                {
                    Faults.Enqueue($"{response.StatusCode} after 200");
                }
            }
            else if (response.StatusCode != 200)
            {
                Faults.Enqueue($"{response.StatusCode}");
            }
            else if (transaction.Method == SipMethod.Bye)
            {
                if (Interlocked.Increment(ref _ended) == Callers * CallsEach)
                {
                    AllEnded.TrySetResult();
                }
            }
            else if (_dialogs.TryGetValue(transaction.CallId, out var known))
            {
                Stack!.SendStateless(known.NewAck(1).Build(), target);
            }
            else
            {
                var dialog = _dialogs[transaction.CallId] = Dialog.FromResponse(transaction.Request, response)!;
                Stack!.SendStateless(dialog.NewAck(1).Build(), target);
                Stack!.Send(dialog.NewRequest(SipMethod.Bye).Build(), target, this);
            }
        }

        public void OnTimeout(ClientTransaction transaction) => Faults.Enqueue("timeout");

        public void OnTransportError(ClientTransaction transaction, SocketError? error) => Faults.Enqueue($"error {error}");

        public void OnRequest(ServerTransaction transaction) => Faults.Enqueue("request");

        public void OnAck(ReceivedRequest ack) => Faults.Enqueue("ack");

        public void OnCancel(ServerTransaction invite, ReceivedRequest cancel) => Faults.Enqueue("cancel");

        public void OnResponse(ReceivedResponse stray) => Faults.Enqueue($"stray {stray.Message.StatusCode}");
    }
}
