// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Isthmus.Sip.Stack;

/// <summary>
/// Transports, transactions and timers in one piece: what a SIP server or a phone stands on. Messages come to the
/// <see cref="ITransactionUser"/>; requests and responses go out by <see cref="Send(SipRequest, Target, IClientTransactionUser, string?, object?)"/> and <see cref="ServerTransaction.Respond"/>.
/// </summary>
/// <remarks>
/// Everything that belongs to one Call-ID happens in order and one at a time. A call made from inside a callback of the same conversation
/// takes effect at once; one from elsewhere at once if nobody works on that conversation, otherwise after what already waits there.
/// </remarks>
public sealed class SipStack : IAsyncDisposable
{
    private static readonly Action<object, object?, object?> RunAction = static (action, _, _) => ((Action)action)();
    private static readonly Action<object, object?, object?> RunWithState = static (action, state, _) => ((Action<object?>)action)(state);

    private readonly INetwork _network;
    private readonly TransportLayer _transport;
    private readonly ConversationTable _conversations;
    private readonly TransactionLayer _transactions;
    private bool _disposed;

    /// <summary>Makes a stack that is not started.</summary>
    public SipStack(SipStackOptions options, INetwork network, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        var logger = loggers.CreateLogger<SipStack>();
        Options = options;
        Time = time;
        _network = network;
        Timers = new TimerWheel(time) { Gathering = network };
        _transport = new TransportLayer(options.Transport, network, Timers, time, Messages, Counters, logger);
        _conversations = new ConversationTable(options.MaxWaiting, options.MaxLingering, Timers, TransactionCounters, logger);
        _transactions = new TransactionLayer(options, _transport, _conversations, Timers, Messages, TransactionCounters);
    }

    /// <summary>The options it was made with.</summary>
    public SipStackOptions Options { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The stack's timers, for its user too; a callback runs on a timer thread, see <see cref="RunIn(string, TimeSpan, Action)"/>.</summary>
    public TimerWheel Timers { get; }

    /// <summary>The messages that are used again; give it to the builders of what is sent here.</summary>
    public MessagePool Messages { get; } = new();

    /// <summary>What the transports have done.</summary>
    public StackCounters Counters { get; } = new();

    /// <summary>What the transactions have done.</summary>
    public TransactionCounters TransactionCounters { get; } = new();

    /// <summary>The listeners that are open.</summary>
    public IReadOnlyList<Listener> Listeners => _transport.Listeners;

    /// <summary>How many transactions there are, lingering ones included. Adds up: for tests and for people, not for every message.</summary>
    public int LiveTransactions => _transactions.Servers + _transactions.Clients + _transactions.Remembered;

    /// <summary>What is alive now. Looks at every mailbox: for tests and for people, not for every message.</summary>
    public StackSnapshot Snapshot =>
        new(_transactions.Servers, _transactions.Clients, _transactions.Remembered, _transactions.Unanswered.Count, _conversations.Waiting, Timers.Count, _transport.ConnectionCount);

    /// <summary>Opens the listeners and begins to serve. Call it once.</summary>
    /// <returns>The listeners that opened, and those that did not, with the reason.</returns>
    public ListenResult Start(ITransactionUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        _transactions.Start(user);
        return _transport.Start(_transactions);
    }

    /// <summary>The local flow by which a message to <paramref name="target"/> would go: what Contact and Record-Route name. Null: no listener fits.</summary>
    public Flow? FlowTowards(Target target) => _transport.Paths.Towards(target);

    /// <summary>Whether a listener is the only one of its transport and IP version, and bound to one address: then all that can be sent by them leaves by it.</summary>
    public bool HasOnly(Listener listener) => _transport.HasOnly(listener);

    /// <summary>Makes a connection to a target of a stream transport if there is none, and sends nothing by it: requests to the target take it when it is there.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="heard">
    /// Hears once what came of it, on any thread, perhaps before this returns: the connection; or no connection, and what the system said (null: the peer
    /// closed it).
    /// </param>
    public void Connect(Target target, Action<Flow?, SocketError?> heard)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(heard);
        _transport.Connect(target, heard);
    }

    /// <summary>A target for that place: the same one, mostly, for a place that was asked for lately.</summary>
    public Target TargetOf(SipTransport transport, IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return _transport.Paths.Targets.Of(transport, endPoint);
    }

    /// <summary>A target for a place in text: the same one, mostly, for a place that was asked for lately.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="host">An address; an IPv6 one with brackets or without.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="target">The target.</param>
    /// <returns>False: the host is a name, or no host at all, or there is no such port.</returns>
    public bool TryTargetOf(SipTransport transport, ReadOnlySpan<byte> host, int port, [NotNullWhen(true)] out Target? target) =>
        _transport.Paths.Targets.TryFind(transport, host, port, out target);

    /// <summary>
    /// Sends a request in a client transaction of its own. The stack puts a Via with a new branch on top; others below it stay.
    /// </summary>
    /// <param name="request">The request without a Via of this stack; not an ACK.</param>
    /// <param name="target">Where to.</param>
    /// <param name="user">Who hears the responses.</param>
    /// <param name="branchSuffix">A second part of the branch (RFC 5393 §4.2.1); a token.</param>
    /// <param name="tag">The first <see cref="Transaction.Tag"/>.</param>
    /// <remarks>
    /// Called from inside a callback of the same conversation, no callback of the new transaction comes before this returns. Called from
    /// elsewhere it may, or the request may leave a little later: use <see cref="RunIn(string, Action)"/> around it where that matters.
    /// </remarks>
    public ClientTransaction Send(SipRequest request, Target target, IClientTransactionUser user, string? branchSuffix = null, object? tag = null) =>
        Send(MessageEdit.Of(request), target, user, branchSuffix is null ? default : Encoding.ASCII.GetBytes(branchSuffix), tag);

    /// <inheritdoc cref="Send(SipRequest, Target, IClientTransactionUser, string?, object?)"/>
    /// <param name="edit">The request as it is to be sent, without a Via of this stack; not an ACK. It is built once, and free for other use when this returns.</param>
    /// <param name="target">Where to.</param>
    /// <param name="user">Who hears the responses.</param>
    /// <param name="branchSuffix">A second part of the branch (RFC 5393 §4.2.1); a token.</param>
    /// <param name="tag">The first <see cref="Transaction.Tag"/>.</param>
    /// <param name="branchId">
    /// What makes the branch; zero for a new one. With that of an earlier transaction, perhaps of an earlier run, the server takes the request for a repetition
    /// (RFC 3261 §17.2.3). No two transactions of one Call-ID and method may have the same at the same time.
    /// </param>
    public ClientTransaction Send(MessageEdit edit, Target target, IClientTransactionUser user, ReadOnlySpan<byte> branchSuffix = default, object? tag = null, ulong branchId = 0)
    {
        ArgumentNullException.ThrowIfNull(edit);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(user);
        return _transactions.Send(edit, target, user, branchSuffix, tag, branchId);
    }

    /// <inheritdoc cref="Send(SipRequest, Target, IClientTransactionUser, string?, object?)"/>
    /// <param name="text">The request without a Via, which is not read again: its writer vouches for it. Free for other use when this returns.</param>
    /// <param name="callIdHash">The number of its Call-ID (<see cref="CallIdHash"/>).</param>
    /// <param name="target">Where to.</param>
    /// <param name="user">Who hears the responses.</param>
    /// <param name="tag">The first <see cref="Transaction.Tag"/>.</param>
    public ClientTransaction Send(in RequestText text, ulong callIdHash, Target target, IClientTransactionUser user, object? tag = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(user);
        return _transactions.Send(text, callIdHash, target, user, tag);
    }

    /// <summary>Sends a request outside of any transaction, once: an ACK for a 2xx. The stack puts a Via with a new branch on top.</summary>
    public void SendStateless(SipRequest request, Target target) => SendStateless(MessageEdit.Of(request), target);

    /// <summary>
    /// Sends a request outside of any transaction, once: an ACK for a 2xx, or what is forwarded without state (RFC 3261 §16.11). The stack puts
    /// a Via on top.
    /// </summary>
    /// <param name="edit">The request as it is to be sent, without a Via of this stack. It is built once, and free for other use when this returns.</param>
    /// <param name="target">Where to.</param>
    /// <param name="branchSuffix">A second part of the branch; a token.</param>
    /// <param name="branchId">What makes the branch: <see cref="StatelessIdOf"/> what is forwarded; zero for a new one.</param>
    public void SendStateless(MessageEdit edit, Target target, ReadOnlySpan<byte> branchSuffix = default, ulong branchId = 0)
    {
        ArgumentNullException.ThrowIfNull(edit);
        ArgumentNullException.ThrowIfNull(target);
        _transactions.SendOnce(edit, target, branchSuffix, branchId);
    }

    /// <summary>A number that a request has in common with its retransmissions, its ACK and its CANCEL, and with nothing else (RFC 3261 §16.11).</summary>
    public ulong StatelessIdOf(SipRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _transactions.KeyOf(request);
    }

    /// <summary>Sends a response outside of any transaction, to where its top Via says (RFC 3261 §18.2.2). It stays the caller's.</summary>
    /// <param name="response">The response.</param>
    /// <param name="cameBy">The flow that its request came by, where that is known.</param>
    public void SendStateless(SipResponse response, Flow? cameBy = null)
    {
        ArgumentNullException.ThrowIfNull(response);
        _transport.SendOnce(response, response.TopViaView, cameBy);
    }

    /// <inheritdoc cref="SendStateless(SipResponse, Flow?)"/>
    /// <param name="response">The response.</param>
    /// <param name="via">Its top Via, where that has been read already, in another message.</param>
    /// <param name="cameBy">The flow that its request came by, where that is known.</param>
    public void SendStateless(SipResponse response, in ViaView via, Flow? cameBy = null)
    {
        ArgumentNullException.ThrowIfNull(response);
        _transport.SendOnce(response, via, cameBy);
    }

    /// <summary>Answers a request outside of any transaction (RFC 3261 §8.2.7), from any thread. The response stays the caller's.</summary>
    /// <param name="request">The request; its top Via says where the answer goes, so that the response need not be read.</param>
    /// <param name="response">The response.</param>
    public void Answer(ReceivedRequest request, SipResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        _transport.SendOnce(response, request.Message.TopViaView, request.Flow);
    }

    /// <summary>Until it is disposed, what this thread sends is gathered and leaves in few system calls. Not over an await.</summary>
    public SendBatch Gather() => _network.Gather();

    /// <summary>
    /// Runs <paramref name="action"/> as the owner of a conversation: at once if the caller is the owner or nobody is, otherwise after
    /// what already waits there.
    /// </summary>
    public void RunIn(string callId, Action action)
    {
        ArgumentNullException.ThrowIfNull(callId);
        ArgumentNullException.ThrowIfNull(action);
        _conversations[callId].Run(new Work(RunAction, action));
    }

    /// <summary>Runs <paramref name="action"/> as the owner of the conversation of a message, as <see cref="RunIn(string, Action)"/> does, and allocates nothing.</summary>
    /// <param name="message">Any message of the conversation.</param>
    /// <param name="action">What to run.</param>
    /// <param name="state">What to give to it.</param>
    public void RunIn(SipMessage message, Action<object?> action, object? state)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(action);
        _conversations[message].Run(new Work(RunWithState, action, state));
    }

    /// <summary>Runs <paramref name="action"/> as the owner of a conversation, as <see cref="RunIn(string, Action)"/> does, and allocates nothing.</summary>
    /// <param name="callIdHash">The number of its Call-ID (<see cref="CallIdHash"/>).</param>
    /// <param name="action">What to run.</param>
    /// <param name="state">What to give to it.</param>
    public void RunIn(ulong callIdHash, Action<object?> action, object? state)
    {
        ArgumentNullException.ThrowIfNull(action);
        _conversations[callIdHash].Run(new Work(RunWithState, action, state));
    }

    /// <summary>Runs <paramref name="action"/> as the owner of a conversation, after a time.</summary>
    public ConversationTimer RunIn(string callId, TimeSpan after, Action action)
    {
        ArgumentNullException.ThrowIfNull(callId);
        ArgumentNullException.ThrowIfNull(action);
        return new ConversationTimer(_conversations[callId], action).Start(Timers, after);
    }

    /// <summary>
    /// Takes no new calls any more (requests without a To tag get 503 with Retry-After) and waits until every request, in and out, has its
    /// final response, and every such response to an INVITE its ACK. What has none at the limit gets 503 with Retry-After, and the
    /// INVITEs that were sent on are cancelled.
    /// </summary>
    /// <param name="limit">How long to wait at most.</param>
    /// <returns>Whether nothing is left unanswered.</returns>
    public ValueTask<bool> DrainAsync(TimeSpan limit)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var gaveUp = false;
        var timer = Timers.Schedule(limit, _ =>
        {
            Volatile.Write(ref gaveUp, true);
            _transactions.GiveUp();
            done.TrySetResult(false);
        }, null);
        _transactions.Unanswered.Drain(() =>
        {
            timer.Cancel();
            done.TrySetResult(!Volatile.Read(ref gaveUp));
        });
        return new ValueTask<bool>(done.Task);
    }

    /// <summary>Closes listeners and connections, stops the timers and forgets the transactions, whose users hear no more. What is not sent by now is not sent.</summary>
    public ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            _transport.Dispose();
            Timers.Dispose();
            _transactions.Forget();
        }

        return ValueTask.CompletedTask;
    }
}
