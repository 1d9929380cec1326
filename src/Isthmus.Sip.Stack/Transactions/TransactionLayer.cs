// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>Brings every message to its transaction and its conversation (RFC 3261 §17.1.3, §17.2.3), and knows how many there are.</summary>
internal sealed class TransactionLayer : ITransportUser
{
    private static readonly Action<object, object?> TakeRequest = static (subject, request) => ((TransactionLayer)subject).Take((ReceivedRequest)request!);
    private static readonly Action<object, object?> TakeResponse = static (subject, response) => ((TransactionLayer)subject).Take((ReceivedResponse)response!);
    private static readonly Action<object, object?> StartClient = static (subject, _) => ((ClientTransaction)subject).Start();

    private static readonly Action<object, object?> GiveUpConversation = static (subject, conversation) => ((TransactionLayer)subject).GiveUp((Conversation)conversation!);

    private readonly SipStackOptions _options;
    private readonly string _retryAfter;
    private readonly HopUser _hopUser = new();
    private ITransactionUser? _user;
    private int _servers;
    private int _clients;
    private int _pending;
    private volatile bool _draining;
    private Action? _drained;

    public TransactionLayer(SipStackOptions options, TransportLayer transport, ConversationTable conversations, TimerWheel timers, TransactionCounters counters)
    {
        _options = options;
        _retryAfter = Math.Ceiling(options.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        Transport = transport;
        Conversations = conversations;
        Timers = timers;
        Counters = counters;
    }

    public TransportLayer Transport { get; }

    public ConversationTable Conversations { get; }

    public TimerWheel Timers { get; }

    public TransactionTimes Times => _options.Times;

    public TransactionCounters Counters { get; }

    public ITransactionUser User => _user ?? throw new InvalidOperationException("The stack was not started.");

    public int Servers => Volatile.Read(ref _servers);

    public int Clients => Volatile.Read(ref _clients);

    public int PendingCount => Volatile.Read(ref _pending);

    public void Start(ITransactionUser user) => _user = user;

    /// <summary>From now on new calls are refused; <paramref name="drained"/> is called once everything that waits for an answer has it.</summary>
    public void Drain(Action drained)
    {
        _drained += drained;
        _draining = true;
        if (PendingCount == 0)
        {
            Drained();
        }
    }

    /// <summary>Answers 503 to every request that still waits for its final response, and cancels the INVITEs that were sent on.</summary>
    public void GiveUp()
    {
        foreach (var conversation in Conversations.All)
        {
            conversation.Run(new Work(GiveUpConversation, this, conversation));
        }
    }

    public ClientTransaction Send(SipRequest request, Target target, IClientTransactionUser user, string branch, object? tag)
    {
        var transaction = new ClientTransaction(this, request, target, user, branch) { Tag = tag };
        Conversations[request.CallId].Run(new Work(StartClient, transaction));
        return transaction;
    }

    /// <summary>A CANCEL is a transaction of its own whose outcome changes nothing.</summary>
    public void SendCancel(SipRequest cancel, string branch, Target target) => Send(cancel, target, _hopUser, branch, null);

    /// <summary>Sends a request that has no transaction: an ACK.</summary>
    public void SendOnce(SipRequest request, string branch, Target target) => Transport.Send(request, branch, target, null).Done();

    public void SendOnce(SipResponse response, Flow? cameBy) => Transport.Send(response, cameBy, null).Done();

    void ITransportUser.OnListening(IReadOnlyList<Listener> listeners) => User.OnListening(listeners);

    void ITransportUser.OnRequest(ReceivedRequest request)
    {
        if (!Conversations[request.Message.CallId].TryPost(new Work(TakeRequest, this, request)))
        {
            Counters.CountDropped();
            if (request.Message.Method != SipMethod.Ack && request.Message.To.Tag is null)
            {
                Refuse(request);
            }
        }
    }

    void ITransportUser.OnResponse(ReceivedResponse response)
    {
        if (!Conversations[response.Message.CallId].TryPost(new Work(TakeResponse, this, response)))
        {
            Counters.CountDropped();
        }
    }

    void ITransportUser.OnMalformed(Flow flow, SipMessage? message, SipFault fault, bool answered) =>
        Conversations.Guard(() => User.OnMalformed(flow, message, fault));

    void ITransportUser.OnFlowClosed(Flow flow, SocketError? reason) => Conversations.Guard(() => User.OnFlowClosed(flow, reason));

    public void Adopt(Conversation conversation, ClientTransaction transaction)
    {
        conversation.Clients[transaction.Key] = transaction;
        Interlocked.Increment(ref _clients);
        Counters.CountClientTransaction();
    }

    public void Forget(Conversation conversation, ClientTransaction transaction)
    {
        // A user that sends one branch twice has replaced the first transaction: that one must not take the second one with it.
        if (conversation.Clients.TryGetValue(transaction.Key, out var held) && held == transaction)
        {
            conversation.Clients.Remove(transaction.Key);
        }

        Interlocked.Decrement(ref _clients);
    }

    public void Forget(Conversation conversation, ServerTransaction transaction)
    {
        conversation.Servers.Remove(transaction.Key);
        Interlocked.Decrement(ref _servers);
    }

    public void CountPending(ref bool counted, bool pending)
    {
        if (counted == pending)
        {
            return;
        }

        counted = pending;
        if (Interlocked.Add(ref _pending, pending ? 1 : -1) == 0 && _draining)
        {
            Drained();
        }
    }

    private void Drained() => Interlocked.Exchange(ref _drained, null)?.Invoke();

    /// <summary>Gives a new request to the user; one that the user cannot digest gets 500.</summary>
    public void Deliver(ServerTransaction transaction)
    {
        var served = false;
        try
        {
            User.OnRequest(transaction);
            served = true;
        }
        finally
        {
            if (!served)
            {
                transaction.Respond(transaction.Request.Message.Answer(500, toTag: Identifiers.NewTag()).Build());
            }
        }
    }

    private void Take(ReceivedRequest request)
    {
        var message = request.Message;
        var conversation = Conversations[message.CallId];
        if (message.Method == SipMethod.Ack)
        {
            TakeAck(request, conversation);
            return;
        }

        var key = TransactionKey.OfServer(message, message.Method);
        if (conversation.Servers.TryGetValue(key, out var known) && known.MatchesTag(message))
        {
            known.RequestAgain();
            return;
        }

        // A request without magic cookie that has everything of another one but its To tag: there is no key to keep both apart.
        var taken = known is not null;
        if (!taken && message.Method == SipMethod.Cancel && TryCancel(request, conversation, key))
        {
            return;
        }

        if (taken || Servers + Clients >= _options.MaxTransactions || (_draining && message.To.Tag is null && message.Method != SipMethod.Cancel))
        {
            Refuse(request);
            return;
        }

        Create(request, conversation, key).Start();
    }

    private void TakeAck(ReceivedRequest ack, Conversation conversation)
    {
        if (conversation.Servers.TryGetValue(TransactionKey.OfServer(ack.Message, SipMethod.Invite), out var invite) && invite.MatchesTag(ack.Message))
        {
            invite.Acknowledged(ack);
        }
        else
        {
            User.OnAck(ack);
        }
    }

    /// <summary>RFC 3261 §9.2: 200 to the CANCEL, and the user of the INVITE hears of it unless that has its final response.</summary>
    private bool TryCancel(ReceivedRequest cancel, Conversation conversation, in TransactionKey key)
    {
        if (!conversation.Servers.TryGetValue(TransactionKey.OfServer(cancel.Message, SipMethod.Invite), out var invite) || !invite.MatchesTag(cancel.Message))
        {
            return false;
        }

        // The answer has the To tag of the INVITE's responses, if one is known.
        var tag = invite.LastResponse?.To.Tag ?? Identifiers.NewTag();
        var transaction = Create(cancel, conversation, key);
        transaction.StartAnswered(cancel.Message.Answer(200, toTag: tag).Build());
        if (!invite.HasFinal)
        {
            User.OnCancel(invite, cancel);
        }

        return true;
    }

    private ServerTransaction Create(ReceivedRequest request, Conversation conversation, in TransactionKey key)
    {
        var transaction = new ServerTransaction(this, conversation, request, key);
        conversation.Servers.Add(key, transaction);
        Interlocked.Increment(ref _servers);
        Counters.CountServerTransaction();
        return transaction;
    }

    private void Take(ReceivedResponse response)
    {
        var message = response.Message;
        if (message.TopVia.Branch is { } branch
            && Conversations[message.CallId].Clients.TryGetValue(TransactionKey.OfClient(branch, message.CSeq.Method), out var transaction))
        {
            transaction.Received(message);
        }
        else
        {
            Counters.CountStrayResponse();
            User.OnResponse(response);
        }
    }

    /// <summary>503 without keeping anything: a retransmission of the request gets it again.</summary>
    private void Refuse(ReceivedRequest request)
    {
        Counters.CountRefused();
        var response = request.Message.Answer(503, toTag: Identifiers.NewTag()).Header(HeaderName.RetryAfter, _retryAfter).Build();
        SendOnce(response, request.Flow);
    }

    private void GiveUp(Conversation conversation)
    {
        // Both lists change under the hands of who answers and cancels.
        foreach (var server in conversation.Servers.Values.Where(server => !server.HasFinal).ToList())
        {
            server.Respond(server.Request.Message.Answer(503, toTag: server.LastResponse?.To.Tag ?? Identifiers.NewTag()).Header(HeaderName.RetryAfter, _retryAfter).Build());
        }

        foreach (var client in conversation.Clients.Values.Where(client => client.Method == SipMethod.Invite && !client.HasFinal).ToList())
        {
            client.Cancel();
        }
    }

    private sealed class HopUser : IClientTransactionUser
    {
        public void OnResponse(ClientTransaction transaction, SipResponse response)
        {
        }

        public void OnTimeout(ClientTransaction transaction)
        {
        }

        public void OnTransportError(ClientTransaction transaction, SocketError? error)
        {
        }
    }
}
