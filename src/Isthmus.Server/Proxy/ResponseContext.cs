// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// The response context of a forwarded request (RFC 3261 §16.2): its branches, the responses they brought, and what of them goes back.
/// Confined to the owner of its conversation, timers included. When all its transactions are over it serves another request.
/// </summary>
internal sealed class ResponseContext(ProxyEnvironment environment) : IServerTransactionUser
{
    private readonly List<ProxyBranch> _branches = [];
    private readonly List<SipResponse> _finals = [];
    private RequestContext? _request;
    private ServerTransaction? _server;
    private int _branchCount;
    private int _transactions;
    private bool _isInvite;
    private bool _isOver;
    private bool _isSearchOver;
    private bool _isStarting;

    // Until the request has its answer and no branch can bring another one.
    private RequestContext Request => _request ?? throw new InvalidOperationException("The request is dealt with.");

    private TargetQueue Queue => Request.Queue;

    private bool IsPending
    {
        get
        {
            for (int i = 0; i < _branchCount; i++)
            {
                if (!_branches[i].IsDone)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Forwards the request to its first group of targets.</summary>
    public void Start(RequestContext request, ServerTransaction server)
    {
        (_request, _server, _transactions, _isInvite) = (request, server, 1, request.Request.Method == SipMethod.Invite);
        server.Attach(this);
        Queue.Fill(request.Targets, request.MaxBreadth, environment.Options.Limits.Branches);
        if (_isInvite)
        {
            // RFC 3261 §16.2: at once, so that the caller stops repeating the INVITE.
            server.Respond(request.RespondTrying().Build(environment.Messages));
        }

        environment.Observer.Started(request);
        environment.Counters.CountForwarded();
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
        branch.HasProvisional = true;
        if (response.StatusCode == 100 || !HasViaBelow(response))
        {
            return; // RFC 3261 §16.7 item 3: a response without a Via of someone else is for this element.
        }

        if (branch.IsDone && !(_isInvite && response.IsSuccess))
        {
            return;
        }

        MessageEdit edit = _request is null ? MessageEdit.Of(response) : _request.Edit.Begin(response);
        SipResponse popped = edit.RemoveFirstValue(HeaderName.Via).BuildResponse(environment.Messages);
        if (_request is null)
        {
            AcceptAgain(branch, popped);
            return;
        }

        _request.ForgetAnswer();
        environment.Observer.Responded(_request, branch.Target, popped);
        if (response.IsProvisional)
        {
            Ring(branch, popped);
        }
        else if (response.IsSuccess)
        {
            Accept(branch, popped);
        }
        else
        {
            Fail(branch, Explained(branch, popped));
        }

        Settle();
    }

    /// <summary>A branch will not be answered any more: as if it had been, with this status.</summary>
    public void OnLost(ProxyBranch branch, int status)
    {
        Lose(branch, status);
        Settle();
    }

    /// <summary>A branch could not be sent: another way to the same device if there is one, else as if a 503 had come (RFC 3261 §16.9).</summary>
    public void OnUnreachable(ProxyBranch branch)
    {
        TryElsewhere(branch);
        Settle();
    }

    /// <summary>A branch had its time (RFC 3261 §16.8).</summary>
    public void OnTimerC(ProxyBranch branch)
    {
        GiveUp(branch);
        Settle();
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
        int count = _branchCount; // a branch that is given up may be followed by others
        for (int i = 0; i < count; i++)
        {
            GiveUp(_branches[i]);
        }

        Settle();
    }

    void IServerTransactionUser.OnTerminated(ServerTransaction transaction)
    {
        _server = null;
        OnTerminated();
    }

    private static bool HasViaBelow(SipResponse response)
    {
        int count = 0;
        foreach (ReadOnlySpan<byte> value in response.ValuesOf(HeaderName.Via))
        {
            if (++count == 2)
            {
                return ViaView.TryRead(value, out _);
            }
        }

        return false;
    }

    private void Ring(ProxyBranch branch, SipResponse response)
    {
        if (_isInvite && !branch.IsCancelled)
        {
            branch.StartTimer(environment.Options.Proxy.TimerC);
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
        if (branch.IsDone)
        {
            AcceptAgain(branch, response);
            return;
        }

        if (_isInvite && !_isOver && branch.Transaction is { } sent && environment.Review?.RefusalInsteadOf(Request, branch.Target, response) is { } refusal)
        {
            branch.Release = new ReleasedBranch(environment.Stack, sent.Request, response, branch.Target.NextHop);
            response.Dispose();
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

        StopSearch();
        CancelBranches();
        End(status);
    }

    // The ACK was lost: the device repeats its 2xx (RFC 6026 §7.2).
    private void AcceptAgain(ProxyBranch branch, SipResponse response)
    {
        if (branch.Release is { } released)
        {
            released.Acknowledge();
            response.Dispose();
        }
        else
        {
            Respond(response);
        }
    }

    private SipResponse Explained(ProxyBranch branch, SipResponse refusal)
    {
        SipResponse explained = _isInvite && environment.Review is { } review ? review.Explain(Request, branch.Target, refusal) : refusal;
        if (explained != refusal)
        {
            refusal.Dispose();
        }

        return explained;
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

    private void Lose(ProxyBranch branch, int status)
    {
        if (!branch.IsDone)
        {
            branch.Finish();
            _finals.Add(Request.Respond(branch.IsCancelled ? 487 : status).Build(environment.Messages));
            Proceed();
        }
    }

    private void TryElsewhere(ProxyBranch branch)
    {
        bool may = branch is { IsDone: false, IsCancelled: false, HasProvisional: false } && !_isSearchOver;
        if (may && environment.Targets.TryNext(branch.Target, out ProxyTarget next))
        {
            branch.Finish();
            Forward(next, branch.Breadth);
        }
        else
        {
            Lose(branch, 503);
        }
    }

    // Starts the next group when the last one has nothing pending; when no group is left, the best response goes back.
    private void Proceed()
    {
        if (_isStarting)
        {
            return; // a branch failed inside Send: the loop below sees it
        }

        while (!_isOver && !IsPending)
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
                _server?.SetTimer(environment.Options.Proxy.SerialTimeout);
            }
        }
    }

    private void Forward(in ProxyTarget target, int breadth)
    {
        ProxyBranch branch = NewBranch(target, breadth);
        if (environment.Stack.FlowTowards(target.NextHop) is not { } flow)
        {
            TryElsewhere(branch); // no listener of that transport and IP version
            return;
        }

        MessageEdit copy = OutgoingRequest.Compose(Request, target, breadth);
        if (RecordRoutes.AreFor(Request.Request.Method))
        {
            environment.RecordRoutes.Add(copy, Request.Flow, flow, environment.Marks.TokenFor(Request.Request.CallIdBytes));
        }

        environment.Counters.CountBranch();
        environment.Observer.Sent(Request, target, flow);
        Span<byte> mark = stackalloc byte[RouteMarks.TextLength];
        RouteMarks.Write(Request.LoopMark, mark);
        branch.Transaction = environment.Stack.Send(copy, target.NextHop, branch, mark);
        _transactions++;
        if (_isInvite)
        {
            branch.StartTimer(environment.Options.Proxy.TimerC);
        }
    }

    private ProxyBranch NewBranch(in ProxyTarget target, int breadth)
    {
        if (_branchCount == _branches.Count)
        {
            _branches.Add(new ProxyBranch(this));
        }

        ProxyBranch branch = _branches[_branchCount++];
        branch.Begin(target, breadth);
        return branch;
    }

    // RFC 3261 §16.7 item 6.
    private void Conclude()
    {
        SipResponse? best = BestResponse.Of(_finals);
        int status = best?.StatusCode ?? 408;
        if (status == 408 && !_isInvite)
        {
            _server?.Abandon(); // RFC 4320 §4.2
        }
        else if (best is null || status == 503)
        {
            // A 503 of ours would say that this server can serve nobody.
            (status, string? reason) = status == 503 ? (500, "Next Hop Unavailable") : (status, null);
            Respond(Request.Respond(status, reason).Build(environment.Messages));
        }
        else if (BestResponse.ChallengesBeside(best, _finals) is { Count: > 0 } challenges)
        {
            MessageEdit edit = Request.Edit.Begin(best);
            foreach ((HeaderName name, string value) in challenges)
            {
                edit.Append(name, value);
            }

            Respond(edit.BuildResponse(environment.Messages));
        }
        else
        {
            _finals.Remove(best);
            Respond(best);
        }

        End(status);
    }

    // The transaction takes the response over; when it is gone, nobody does.
    private void Respond(SipResponse response)
    {
        if (_server is { } server)
        {
            server.Respond(response);
        }
        else
        {
            response.Dispose();
        }
    }

    private void End(int status)
    {
        if (!_isOver)
        {
            _isOver = true;
            environment.Observer.Finished(Request, status);
        }
    }

    // Nothing more can come of the request: what it holds goes, long before the transactions do.
    private void Settle()
    {
        if (_request is not null && _isOver && !IsPending)
        {
            LetGo();
        }
    }

    private void LetGo()
    {
        foreach (SipResponse response in _finals)
        {
            response.Dispose();
        }

        _finals.Clear();
        _request?.Release();
        _request = null;
    }

    private void Recycle()
    {
        LetGo();
        for (int i = 0; i < _branchCount; i++)
        {
            _branches[i].Begin(default, 0);
        }

        (_server, _branchCount, _isOver, _isSearchOver, _isStarting) = (null, 0, false, false, false);
        environment.ResponseContexts.Return(this);
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
        for (int i = 0; i < _branchCount; i++)
        {
            Cancel(_branches[i]);
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
        branch.Transaction?.Cancel(); // the stack waits for a provisional response (RFC 3261 §9.1) and for the 487
    }

    // RFC 3261 §16.8: a branch that was heard of is cancelled and ends with its 487; one that was not ends now.
    private void GiveUp(ProxyBranch branch)
    {
        if (branch.IsDone)
        {
            return;
        }

        Cancel(branch);
        if (!branch.HasProvisional)
        {
            branch.IsCancelled = false;
            Lose(branch, 408);
        }
    }
}
