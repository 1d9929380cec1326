// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// The response context of a forwarded request (RFC 3261 §16.2): its branches, the responses they brought, and what of them goes back.
/// Confined to the owner of its conversation, timers included. When all its transactions are over it serves another request.
/// </summary>
internal sealed class ResponseContext : IServerTransactionUser, ICancellable
{
    private readonly ProxyEnvironment _environment;
    private readonly ForwardedBranches _branches;
    private readonly FinalResponses _finals = new();
    private readonly Keeping _keeping;
    private RequestContext? _request;
    private ServerTransaction? _server;
    private Flow? _cameBy;
    private int _transactions;
    private bool _isInvite;
    private bool _isOver;
    private int _status;
    private bool _isSearchOver;
    private bool _isStarting;
    private bool _isForwarded;
    private bool _isKeeping;

    public ResponseContext(ProxyEnvironment environment) => (_environment, _branches, _keeping) = (environment, new ForwardedBranches(this), new Keeping(environment, this));

    // Until the request has its answer and no branch can bring another one.
    private RequestContext Request => _request ?? throw new InvalidOperationException("The request is dealt with.");

    private TargetQueue Queue => Request.Queue;

    /// <summary>Forwards the request to its first group of targets.</summary>
    public void Start(RequestContext request, ServerTransaction server)
    {
        (_request, _server, _transactions, _isInvite) = (request, server, 1, request.Request.Method == SipMethod.Invite);
        (_cameBy, server.EndsWithSuccess) = (request.Flow, true);
        server.Attach(this);
        Queue.Fill(request.Targets, request.MaxBreadth, _environment.Options.Limits.Branches);
        if (_isInvite && server.LastResponse is null)
        {
            // RFC 3261 §16.2: at once, so that the caller stops repeating the INVITE.
            server.Respond(request.RespondTrying().Build(_environment.Messages));
        }

        else if (!_isInvite)
        {
            _keeping.Begin(request);
        }

        _environment.Observer.Started(request);
        _environment.Counters.CountForwarded();
        Proceed();
        Settle();
    }

    /// <summary>The caller gave up: no new branch, and every pending one is cancelled (RFC 3261 §16.10).</summary>
    public void Cancel()
    {
        if (_request is not null)
        {
            StopSearch();
            CancelBranches();
            Proceed();
            Settle();
        }
    }

    /// <summary>A branch was answered (RFC 3261 §16.7).</summary>
    public void OnResponse(ProxyBranch branch, SipResponse response)
    {
        if (branch.IsLeft)
        {
            branch.Reconsider(response, MayGoElsewhere(branch.Successor!));
        }

        branch.HasProvisional = true;
        branch.Walk?.Heard(response);
        if (response.StatusCode == 100 || !response.HasViaBelow)
        {
            return; // RFC 3261 §16.7 item 3: a response without a Via of someone else is for this element.
        }

        if (branch.IsDone && !(response.IsSuccess && (_isInvite || !(_isOver || _isKeeping))))
        {
            HearLate(response);
            return;
        }

        SipResponse popped = ReturningResponse.Pop(response, _request?.Edit ?? new MessageEdit(), _environment.Messages);
        if (_request is null)
        {
            AcceptAgain(branch, popped);
            return;
        }

        _request.ForgetAnswer();
        _environment.Observer.Responded(_request, branch.Target, response);
        if (response.IsProvisional)
        {
            Ring(branch, popped);
        }
        else if (response.IsSuccess)
        {
            Accept(branch, popped);
        }
        else if (MayGoElsewhere(branch) && GoesElsewhere(branch, response))
        {
            popped.Dispose();
        }
        else
        {
            Fail(branch, _isInvite ? ReturningResponse.Explain(_environment, Request, branch.Target, popped) : popped);
        }

        Settle();
    }

    /// <summary>A branch will not be answered any more: another server of the same domain, else as if it had been answered with this status.</summary>
    public void OnLost(ProxyBranch branch, int status)
    {
        if (branch.HasProvisional || !MayGoElsewhere(branch) || !branch.Walk!.TryNext())
        {
            Lose(branch, status);
        }

        Settle();
    }

    /// <summary>A branch could not be sent: another way to the same device if there is one, else as if this had come, a 503 as a rule (RFC 3261 §16.9).</summary>
    public void OnUnreachable(ProxyBranch branch, int status)
    {
        TryElsewhere(branch, status);
        Settle();
    }

    /// <summary>A branch had its time (RFC 3261 §16.8), or was silent for so long that the request is kept.</summary>
    public void OnTimerC(ProxyBranch branch)
    {
        if (_isInvite)
        {
            GiveUp(branch);
        }
        else
        {
            branch.IsHopeless |= branch.IsDone; // the second time
            Lose(branch, 408);
            if (!_isOver && !_isKeeping && !branch.IsHopeless)
            {
                branch.StartTimer(_keeping.LastWait);
            }
        }

        Settle();
    }

    /// <summary>The request is kept, or cannot be: this is what its sender hears.</summary>
    public void OnKept(SipResponse answer)
    {
        int status = answer.StatusCode;
        Respond(answer);
        End(status);
        Settle();
        OnTerminated();
    }

    /// <summary>A client transaction is over.</summary>
    public void OnTerminated()
    {
        if (--_transactions == 0)
        {
            Recycle();
        }
    }

    // A group of targets had its time: the next one.
    void IServerTransactionUser.OnTimer(ServerTransaction transaction)
    {
        foreach (ProxyBranch branch in _branches.All) // those that there are now: who is given up may be followed by others
        {
            GiveUp(branch);
        }

        Settle();
    }

    void IServerTransactionUser.OnTerminated(ServerTransaction transaction)
    {
        _server = null;
        OnTerminated();
    }

    /// <summary>Sends a branch to where it goes now. False: there is no listener of that transport and IP version.</summary>
    public bool Send(ProxyBranch branch)
    {
        if (!BranchSending.TrySend(_environment, Request, branch, _keeping.BranchOf(Request, branch.Target)))
        {
            return false;
        }

        _isForwarded = true;
        branch.Transaction!.ReturnFlow = _cameBy;
        _transactions++;
        if (_isInvite)
        {
            branch.StartTimer(_environment.Options.Proxy.TimerC);
        }
        else if (_keeping.Patience is { } patience)
        {
            branch.StartTimer(patience);
        }

        return true;
    }

    /// <summary>Sends a branch to another address of the same server too. False: it cannot be.</summary>
    public bool SendAlso(ProxyBranch branch, in ProxyTarget other) => BranchSending.TrySendAlso(_environment, Request, branch, other);

    /// <summary>Leaves the server that a branch went to for another one, in another branch that is not sent yet.</summary>
    public void Replace(ProxyBranch branch) => branch.LeaveFor(_branches.Add(branch.Target, branch.Breadth));

    // What a branch says of whom nothing was expected any more: the request is with somebody, or it is known now that it is not.
    private void HearLate(SipResponse response)
    {
        if (response.IsSuccess)
        {
            _keeping.Arrived();
        }
        else if (!response.IsProvisional && !_isInvite && !_isOver)
        {
            Proceed();
            Settle();
        }
    }

    private void Ring(ProxyBranch branch, SipResponse response)
    {
        branch.HasRung = true;
        if (_isInvite && !branch.IsCancelled)
        {
            branch.StartTimer(_environment.Options.Proxy.TimerC);
        }

        if (_isInvite && !_isOver)
        {
            Respond(response);
        }
        else
        {
            response.Dispose(); // RFC 4320 §4.1: no provisional response but 100 to a non-INVITE.
        }
    }

    // RFC 3261 §16.7 item 5: a 2xx goes back at once, and every one of them to an INVITE.
    private void Accept(ProxyBranch branch, SipResponse response)
    {
        if (branch.IsDone && (_isOver || (_isInvite && !branch.IsLeft)))
        {
            AcceptAgain(branch, response);
            return;
        }

        if (_isInvite && !_isOver && branch.Transaction is { } sent && _environment.Review?.RefusalInsteadOf(Request, branch.Target, response) is { } refusal)
        {
            branch.ReleaseFrom(_environment.Stack, sent, response, branch.Target.NextHop);
            Fail(branch, refusal);
            return;
        }

        branch.Finish();
        int status = response.StatusCode;
        if (!_isOver || _isInvite)
        {
            Respond(response);
        }
        else
        {
            response.Dispose();
        }

        End(status); // before a branch that was not sent yet ends by being cancelled, so that its 487 concludes nothing
        StopSearch();
        CancelBranches();
    }

    // The ACK was lost: the device repeats its 2xx (RFC 6026 §7.2). Or a server that was left answers when the caller has been told that nobody did.
    private void AcceptAgain(ProxyBranch branch, SipResponse response)
    {
        if (branch is { IsLeft: true, Release: null, Transaction: { } sent } && _status >= 300)
        {
            branch.ReleaseFrom(_environment.Stack, sent, response, sent.Target);
        }
        else if (branch.Release is { } released)
        {
            released.Acknowledge();
            response.Dispose();
        }
        else
        {
            Respond(response);
        }
    }

    private void Fail(ProxyBranch branch, SipResponse response)
    {
        branch.Finish();
        _finals.Add(response);
        if (response.StatusCode >= 600)
        {
            StopSearch();
            CancelBranches();
        }

        Proceed();
    }

    /// <summary>A branch ends as if it had been answered with this status.</summary>
    public void Lose(ProxyBranch branch, int status)
    {
        if (!branch.IsDone)
        {
            branch.Finish();
            _finals.Add(Request.Respond(branch.IsCancelled ? 487 : status).Build(_environment.Messages));
            Proceed();
        }
        else if (!_isInvite)
        {
            Proceed(); // it may have been the last one that could yet answer
        }
    }

    // Whether the next server of another domain may be tried.
    private bool MayGoElsewhere(ProxyBranch branch) => branch is { Walk: not null, IsDone: false, IsCancelled: false } && !_isSearchOver && !_isOver;

    private bool GoesElsewhere(ProxyBranch branch, SipResponse response)
    {
        if (response.StatusCode == 503)
        {
            return !branch.HasRung && branch.Walk!.TryNext(RetryAfter.Of(response)); // RFC 3263 §4.3
        }

        if (response.StatusCode != 482 || _branches.LeftFor(branch) is not { } left)
        {
            return false;
        }

        branch.LeaveFor(left); // RFC 3261 §8.2.2.2: the callee has the request already, from the server that was left
        return true;
    }

    private void TryElsewhere(ProxyBranch branch, int status)
    {
        bool may = branch is { IsDone: false, IsCancelled: false, HasProvisional: false } && !_isSearchOver;
        if (may && branch.Walk is { } walk)
        {
            if (_isOver || !walk.TryAfterBreak())
            {
                Lose(branch, status);
            }
        }
        else if (may && _environment.Targets.TryNext(branch.Target, out ProxyTarget next))
        {
            branch.Finish();
            Forward(next, branch.Breadth);
        }
        else
        {
            Lose(branch, status);
        }
    }

    // Starts the next group when the last one has nothing pending; when no group is left, the best response goes back.
    private void Proceed()
    {
        if (_isStarting)
        {
            return; // a branch failed inside Send: the loop below sees it
        }

        while (!_isOver && !_isKeeping && !_branches.ArePending)
        {
            _server?.StopTimer();
            ReadOnlySpan<ProxyTarget> group = Queue.Next();
            if (group.IsEmpty)
            {
                Conclude();
                return;
            }

            _isStarting = true;
            for (int i = 0; i < group.Length; i++)
            {
                Forward(group[i], Breadth.ShareOf(Request.MaxBreadth, i, group.Length));
            }

            _isStarting = false;
            if (_isInvite && !Queue.IsEmpty)
            {
                _server?.SetTimer(_environment.Options.Proxy.SerialTimeout);
            }
        }
    }

    private void Forward(in ProxyTarget target, int breadth)
    {
        ProxyBranch branch = _branches.Add(target, breadth);
        if (target.IsAway)
        {
            branch.Search = new AwaySearch(_environment, this, branch, Request, new CancellationTokenSource());
            branch.Search.Begin();
        }
        else
        {
            Begin(branch);
        }
    }

    /// <summary>Sends a branch whose target is known.</summary>
    public void Begin(ProxyBranch branch)
    {
        if (branch.Target.Servers is { } servers)
        {
            branch.Walk = new ServerWalk(_environment, this, branch, servers, Request.Request);
            branch.Walk.Begin();
        }
        else if (!Send(branch))
        {
            TryElsewhere(branch, 503); // no listener of that transport and IP version
        }
    }

    // RFC 3261 §16.7 item 6.
    private void Conclude()
    {
        if (!_isForwarded && !_isSearchOver && Request.TakeOtherwise() is { } otherwise)
        {
            int said = otherwise.StatusCode;
            Respond(otherwise);
            End(said);
            return;
        }

        if (_server is not null && TryKeep())
        {
            return;
        }

        if (_keeping.Patience is not null && _branches.AreUnanswered)
        {
            return; // it cannot be kept, and a device that has been silent may yet take it
        }

        int status = _finals.BestStatus ?? 408;
        if (status == 408 && !_isInvite)
        {
            _server?.Abandon(); // RFC 4320 §4.2
        }
        else if (_finals.BestStatus is null || status == 503)
        {
            // A 503 of ours would say that this server can serve nobody.
            (status, string? reason) = status == 503 ? (500, "Next Hop Unavailable") : (status, null);
            Respond(Request.Respond(status, reason).Build(_environment.Messages));
        }
        else
        {
            Respond(_finals.TakeBest(Request.Edit, _environment.Messages));
        }

        End(status);
    }

    // What keeps the request counts as a transaction: this is not used again before the sender has his answer.
    private bool TryKeep()
    {
        (_isKeeping, _transactions) = (true, _transactions + 1);
        if (_keeping.TryKeep(Request, _finals, _branches.AreUnanswered))
        {
            return true;
        }

        (_isKeeping, _transactions) = (false, _transactions - 1);
        return false;
    }

    // The transaction takes the response over. When it is gone, only a 2xx to an INVITE still goes back (RFC 6026 §7.2).
    private void Respond(SipResponse response)
    {
        if (_server is { } server)
        {
            server.Respond(response);
            return;
        }

        if (_isInvite && response.IsSuccess)
        {
            _environment.Stack.SendStateless(response, _cameBy);
        }

        response.Dispose();
    }

    private void End(int status)
    {
        if (!_isOver)
        {
            (_isOver, _status) = (true, status);
            _environment.Observer.Finished(Request, status);
        }
    }

    // Nothing more can come of the request: what it holds goes, long before the transactions do.
    public void Settle()
    {
        if (_request is not null && _isOver && !_branches.ArePending)
        {
            LetGo();
        }
    }

    private void LetGo()
    {
        _finals.Clear();
        _request?.Release();
        _request = null;
    }

    private void Recycle()
    {
        LetGo();
        _branches.Clear();
        (_server, _cameBy, _isOver, _status, _isSearchOver, _isStarting) = (null, null, false, 0, false, false);
        (_isForwarded, _isKeeping) = (false, false);
        _keeping.Clear();
        _environment.ResponseContexts.Return(this);
    }

    // No target is tried any more.
    private void StopSearch()
    {
        _isSearchOver = true;
        Queue.Clear();
        _server?.StopTimer();
    }

    private void CancelBranches()
    {
        foreach (ProxyBranch branch in _branches.All)
        {
            Cancel(branch);
        }
    }

    private void Cancel(ProxyBranch branch)
    {
        if (branch.IsDone || branch.IsCancelled || !_isInvite)
        {
            return;
        }

        branch.IsCancelled = true;
        branch.StopTimer();
        if (branch.Transaction is null)
        {
            Lose(branch, 487); // no server was sent to yet
            return;
        }

        branch.Walk?.GiveUp();
        branch.Transaction.Cancel(); // the stack waits for a provisional response (RFC 3261 §9.1) and for the 487
    }

    // RFC 3261 §16.8: a branch that was heard of is cancelled and ends with its 487; one that was not ends now.
    private void GiveUp(ProxyBranch branch)
    {
        if (branch.IsDone)
        {
            return;
        }

        if (branch.Transaction is not null)
        {
            Cancel(branch);
        }

        if (!branch.HasProvisional)
        {
            branch.IsCancelled = false;
            Lose(branch, 408);
        }
    }
}
