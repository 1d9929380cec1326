// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>Brings every message to its transaction and its conversation (RFC 3261 §17.1.3, §17.2.3), and knows how many there are.</summary>
internal sealed class TransactionLayer : ITransportUser
{
    private const int LongestBranch = 256;

    private static readonly Action<object, object?, object?> TakeRequest = static (subject, request, flow) => ((TransactionLayer)subject).Take((SipRequest)request!, (Flow)flow!);
    private static readonly Action<object, object?, object?> TakeResponse = static (subject, response, flow) => ((TransactionLayer)subject).Take((SipResponse)response!, (Flow)flow!);
    private static readonly Action<object, object?, object?> StartClient = static (subject, _, _) => ((ClientTransaction)subject).Start();
    private static readonly Action<object, object?, object?> GiveUpConversation = static (subject, conversation, _) => ((TransactionLayer)subject).GiveUp((Conversation)conversation!);
    private static readonly Action<object, object?, object?> ForgetConversation = static (conversation, _, _) => ((Conversation)conversation).Forget();

    // A CANCEL has the branch of its INVITE (RFC 3261 §9.1).
    private const ulong CancelMark = 0x9E37_79B9_7F4A_7C15;

    private readonly SipStackOptions _options;
    private readonly string _retryAfter;
    private readonly HopUser _hopUser = new();
    private readonly ServerKeys _keys = new();
    private readonly BranchIds _branches = new();
    private readonly TransactionPool<ServerTransaction> _inviteServers = new();
    private readonly TransactionPool<ServerTransaction> _otherServers = new();
    private readonly TransactionPool<ClientTransaction> _inviteClients = new();
    private readonly TransactionPool<ClientTransaction> _otherClients = new();
    private ITransactionUser? _user;

    public TransactionLayer(SipStackOptions options, TransportLayer transport, ConversationTable conversations, TimerWheel timers, MessagePool messages, TransactionCounters counters)
    {
        _options = options;
        _retryAfter = Math.Ceiling(options.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        Transport = transport;
        Conversations = conversations;
        Timers = timers;
        Messages = messages;
        Counters = counters;
    }

    public TransportLayer Transport { get; }

    public ConversationTable Conversations { get; }

    public TimerWheel Timers { get; }

    public MessagePool Messages { get; }

    public TransactionTimes Times => _options.Times;

    public TransactionCounters Counters { get; }

    public ITransactionUser User => _user ?? throw new InvalidOperationException("The stack was not started.");

    /// <summary>Whether transactions and messages are used again.</summary>
    public bool IsPooling => _options.PoolTransactions;

    public int Servers => Conversations.All.Sum(conversation => conversation.Servers.Count);

    /// <summary>How many were answered and are still known again.</summary>
    public int Remembered => Conversations.All.Sum(conversation => conversation.Remembered.CountAt(Timers.Now));

    public int Clients => Conversations.All.Sum(conversation => conversation.Clients.Count);

    /// <summary>Those that wait for an answer.</summary>
    public UnansweredCount Unanswered { get; } = new();

    public void Start(ITransactionUser user) => _user = user;

    /// <summary>Answers 503 to every request that still waits for its final response, and cancels the INVITEs that were sent on.</summary>
    public void GiveUp()
    {
        foreach (var conversation in Conversations.All)
        {
            conversation.Run(new Work(GiveUpConversation, this, conversation));
        }
    }

    /// <summary>Forgets all transactions: no time will end them any more, and no message. Their users are not told.</summary>
    public void Forget()
    {
        foreach (var conversation in Conversations.All)
        {
            conversation.Run(new Work(ForgetConversation, conversation));
        }
    }

    /// <summary>Puts our Via on top, builds the request and sends it in a transaction of its own.</summary>
    public ClientTransaction Send(MessageEdit edit, Target target, IClientTransactionUser user, ReadOnlySpan<byte> branchSuffix, object? tag, ulong branchId)
    {
        var id = branchId == 0 ? _branches.Next() : branchId;
        Span<byte> branch = branchSuffix.Length < LongestBranch - Hex64.Length ? stackalloc byte[LongestBranch] : new byte[Hex64.Length + 1 + branchSuffix.Length];
        return Send(edit, target, user, branch[..BranchIds.Write(id, branchSuffix, branch)], id, tag);
    }

    /// <summary>Puts our Via on top of a request that its user wrote, and sends it in a transaction of its own.</summary>
    public ClientTransaction Send(in RequestText text, ulong callIdHash, Target target, IClientTransactionUser user, object? tag)
    {
        var id = _branches.Next();
        Span<byte> branch = stackalloc byte[Hex64.Length];
        branch = branch[..BranchIds.Write(id, default, branch)];
        var conversation = Conversations[callIdHash];
        var transaction = TakeClient(text.Method).Begin(conversation, text.Method, target, user, id, tag);
        Transport.Prepare(transaction, text, target, branch);
        conversation.Run(new Work(StartClient, transaction));
        return transaction;
    }

    /// <summary>A CANCEL is a transaction of its own whose outcome changes nothing.</summary>
    /// <param name="cancel">The CANCEL.</param>
    /// <param name="branch">The branch of its INVITE, without the magic cookie; none when the Via is there.</param>
    /// <param name="key">The number of the INVITE.</param>
    /// <param name="target">Where the INVITE went.</param>
    public void SendCancel(MessageEdit cancel, ReadOnlySpan<byte> branch, ulong key, Target target) =>
        Send(cancel, target, _hopUser, branch, key ^ CancelMark, null);

    /// <summary>Sends a request that has no transaction: an ACK, or what is forwarded without state.</summary>
    public void SendOnce(MessageEdit edit, Target target, ReadOnlySpan<byte> branchSuffix, ulong branchId)
    {
        Span<byte> branch = branchSuffix.Length < LongestBranch - Hex64.Length ? stackalloc byte[LongestBranch] : new byte[Hex64.Length + 1 + branchSuffix.Length];
        Transport.SendOnce(edit, target, branch[..BranchIds.Write(branchId == 0 ? _branches.Next() : branchId, branchSuffix, branch)]);
    }

    /// <summary>What a request shares with its retransmissions, its ACK and its CANCEL.</summary>
    public ulong KeyOf(SipRequest request) => _keys.Of(request, request.TopViaView);

    /// <summary>The 100 of the stack.</summary>
    public SipResponse Trying(SipRequest request) => new ResponseBuilder().Begin(request, 100).Build(Messages);

    void ITransportUser.OnListening(IReadOnlyList<Listener> listeners) => User.OnListening(listeners);

    void ITransportUser.OnRequest(SipRequest request, Flow flow)
    {
        if (!Conversations[request].TryPost(new Work(TakeRequest, this, request, flow)))
        {
            Counters.CountDropped();
            if (request.Method != SipMethod.Ack && !request.HasToTag)
            {
                Refuse(request, flow);
            }
        }
    }

    void ITransportUser.OnResponse(SipResponse response, Flow flow)
    {
        if (!Conversations[response].TryPost(new Work(TakeResponse, this, response, flow)))
        {
            Counters.CountDropped();
        }
    }

    void ITransportUser.OnMalformed(Flow flow, SipMessage? message, SipFault fault, bool answered) =>
        Conversations.Guard(() => User.OnMalformed(flow, message, fault));

    void ITransportUser.OnFlowClosed(Flow flow, SocketError? reason) => Conversations.Guard(() => User.OnFlowClosed(flow, reason));

    public void Adopt(Conversation conversation, ClientTransaction transaction)
    {
        conversation.Clients.Add(transaction);
        Counters.CountClientTransaction();
    }

    public void Recycle(ServerTransaction transaction) => (transaction.Method == SipMethod.Invite ? _inviteServers : _otherServers).Give(transaction);

    public void Recycle(ClientTransaction transaction) => (transaction.Method == SipMethod.Invite ? _inviteClients : _otherClients).Give(transaction);

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
            if (!served && !transaction.HasFinal)
            {
                transaction.Respond(transaction.Request.Message.Answer(500, toTag: Identifiers.NewTag()).Build());
            }
        }
    }

    private void Take(SipRequest request, Flow flow)
    {
        var conversation = Conversations[request];

        // First of all: what needs no memory need not be looked for in it.
        if (Unanswered.Count < _options.MaxTransactions && !Unanswered.IsDraining && request.Method != SipMethod.Ack && User.TakesWithoutState(new ReceivedRequest(request, flow)))
        {
            GiveBack(request, conversation);
            return;
        }

        var via = request.TopViaView;
        var number = _keys.Of(request, via);
        if (request.Method == SipMethod.Ack)
        {
            TakeAck(request, flow, conversation, number);
            return;
        }

        var key = ServerKeys.WithMethod(number, request.Method);
        var known = Find(conversation, key, request, request.Method);
        if (known is not null && known.MatchesTag(request))
        {
            known.RequestAgain();
            GiveBack(request, conversation);
            return;
        }

        // A request without magic cookie that has everything of another one but its To tag: there is no key to keep both apart.
        var taken = known is not null;
        if (!taken && request.Method == SipMethod.Cancel && TryCancel(request, flow, conversation, number))
        {
            return;
        }

        if (!taken && conversation.Remembered.TryFind(key, Timers, out var again))
        {
            Counters.CountRetransmissionReceived();
            GiveBack(request, conversation);
            SendAgain(again);
            return;
        }

        if (taken || Unanswered.Count >= _options.MaxTransactions || (Unanswered.IsDraining && !request.HasToTag && request.Method != SipMethod.Cancel))
        {
            Refuse(request, flow);
            GiveBack(request, conversation);
        }
        else
        {
            Create(request, flow, via, conversation, key).Start();
        }
    }

    private static ServerTransaction? Find(Conversation conversation, ulong key, SipRequest request, SipMethod method)
    {
        var at = -1;
        while (conversation.Servers.Next(key, ref at) is { } found)
        {
            if (found.Method == method && found.IsSame(request))
            {
                return found;
            }
        }

        return null;
    }

    private void TakeAck(SipRequest ack, Flow flow, Conversation conversation, ulong number)
    {
        var invite = Find(conversation, ServerKeys.WithMethod(number, SipMethod.Invite), ack, SipMethod.Invite);
        GiveBack(ack, conversation);
        if (invite is not null && invite.MatchesTag(ack))
        {
            invite.Acknowledged(ack, flow);
        }
        else if (!conversation.Remembered.TryFind(ServerKeys.WithMethod(number, SipMethod.Invite), Timers, out var answered) || answered.Remembrance == Remembrance.PassAck)
        {
            User.OnAck(new ReceivedRequest(ack, flow));
        }
    }

    /// <summary>RFC 3261 §9.2: 200 to the CANCEL, and the user of the INVITE hears of it unless that has its final response.</summary>
    private bool TryCancel(SipRequest cancel, Flow flow, Conversation conversation, ulong number)
    {
        var key = ServerKeys.WithMethod(number, SipMethod.Invite);
        var invite = Find(conversation, key, cancel, SipMethod.Invite);
        var isLate = invite is null && conversation.Remembered.TryFind(key, Timers, out _);
        if (!isLate && (invite is null || !invite.MatchesTag(cancel)))
        {
            return false;
        }

        // The answer has the To tag of the INVITE's responses, if one is known.
        var tag = invite?.LastResponse?.To.Tag ?? Identifiers.NewTag();
        Create(cancel, flow, cancel.TopViaView, conversation, ServerKeys.WithMethod(number, SipMethod.Cancel)).StartAnswered(cancel.Answer(200, toTag: tag).Build());
        if (invite is { HasFinal: false })
        {
            User.OnCancel(invite, new ReceivedRequest(cancel, flow));
        }

        return true;
    }

    private ServerTransaction Create(SipRequest request, Flow flow, in ViaView via, Conversation conversation, ulong key)
    {
        var isInvite = request.Method == SipMethod.Invite;
        var transaction = (isInvite ? _inviteServers : _otherServers).Take() ?? new ServerTransaction(this, isInvite);
        transaction.Begin(conversation, request, flow, via, key);
        conversation.Servers.Add(transaction);
        Counters.CountServerTransaction();
        return transaction;
    }

    private ClientTransaction Send(MessageEdit edit, Target target, IClientTransactionUser user, ReadOnlySpan<byte> branch, ulong key, object? tag)
    {
        // What is edited is the same call, and the same method, as what comes out.
        var conversation = Conversations[edit.Message];
        var transaction = TakeClient(((SipRequest)edit.Message).Method).Begin(conversation, ((SipRequest)edit.Message).Method, target, user, key, tag);
        Transport.Prepare(transaction, edit, target, branch);
        conversation.Run(new Work(StartClient, transaction));
        return transaction;
    }

    private ClientTransaction TakeClient(SipMethod method)
    {
        var isInvite = method == SipMethod.Invite;
        return (isInvite ? _inviteClients : _otherClients).Take() ?? new ClientTransaction(this, isInvite);
    }

    private void Take(SipResponse response, Flow flow)
    {
        var conversation = Conversations[response];
        GiveBack(response, conversation);
        var method = response.CSeqMethod;
        var via = response.TopViaView;
        var id = via.HasMagicCookie ? BranchIds.Read(via.Branch[Via.MagicCookie.Length..]) : 0;
        var at = -1;
        var transaction = id == 0 ? null : conversation.Clients.Next(KeyOf(id, method), ref at);
        if (transaction is not null && transaction.Method == method)
        {
            transaction.Received(response, flow);
        }
        else if (transaction is null && conversation.Remembered.TryFind(KeyOf(id, method), Timers, out var answered))
        {
            TakeAgain(response, flow, answered);
        }
        else
        {
            Counters.CountStrayResponse();
            User.OnResponse(new ReceivedResponse(response, flow));
        }
    }

    private static ulong KeyOf(ulong id, SipMethod method) => method == SipMethod.Cancel && id != 0 ? id ^ CancelMark : id;

    // A response to a request of ours that is over.
    private void TakeAgain(SipResponse response, Flow flow, in Recollection answered)
    {
        if (answered.Remembrance == Remembrance.PassSuccess && response.IsSuccess)
        {
            User.OnSuccessAgain(new ReceivedResponse(response, flow), answered.Flow!);
        }
        else if (!response.IsProvisional)
        {
            SendAgain(answered);
        }
    }

    private void SendAgain(in Recollection answered)
    {
        if (answered is { Remembrance: Remembrance.SendAgain, Flow: { } flow } && !answered.Octets.IsEmpty)
        {
            Counters.CountRetransmissionSent();
            Transport.TransmitOnce(answered.Octets, flow);
        }
    }

    // Whoever wants to keep it longer than the event has shared it by then.
    private void GiveBack(SipMessage message, Conversation conversation)
    {
        if (IsPooling)
        {
            conversation.DisposeLater(message);
        }
    }

    /// <summary>503 without keeping anything: a retransmission of the request gets it again.</summary>
    private void Refuse(SipRequest request, Flow flow)
    {
        Counters.CountRefused();
        Transport.SendOnce(request.Answer(503, toTag: Identifiers.NewTag()).Header(HeaderName.RetryAfter, _retryAfter).Build(), request.TopViaView, flow);
    }

    private void GiveUp(Conversation conversation)
    {
        // Both lists change under the hands of who answers and cancels.
        foreach (var server in conversation.Servers.ToList().Where(server => !server.HasFinal))
        {
            server.Respond(server.Request.Message.Answer(503, toTag: server.LastResponse?.To.Tag ?? Identifiers.NewTag()).Header(HeaderName.RetryAfter, _retryAfter).Build());
        }

        foreach (var client in conversation.Clients.ToList().Where(client => client.Method == SipMethod.Invite && !client.HasFinal))
        {
            client.Cancel();
        }
    }
}
