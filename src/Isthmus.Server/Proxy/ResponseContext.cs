// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// The response context of a forwarded request (RFC 3261 §16.2): what the responses of its branches mean, and what of them goes back (§16.7). Confined to the owner
/// of its conversation, timers included. When all its transactions are over it serves another request.
/// </summary>
internal sealed class ResponseContext : IServerTransactionUser, ICancellable
{
    private readonly ProxyEnvironment _environment;
    private readonly Forwarding _forwarding;
    private readonly FinalResponses _finals = new();
    private readonly Keeping _keeping;
    private readonly Returning _returning;
    private RequestContext? _request;
    private int _transactions;

    public ResponseContext(ProxyEnvironment environment)
    {
        (_environment, _keeping, _returning) = (environment, new Keeping(environment, this), new Returning(environment, this));
        _forwarding = new Forwarding(environment, this, _keeping);
    }

    /// <summary>The request, until it has its answer and no branch can bring another one.</summary>
    public RequestContext Request => _request ?? throw new InvalidOperationException("The request is dealt with.");

    /// <summary>Whether it is an INVITE.</summary>
    public bool IsInvite { get; private set; }

    /// <summary>Forwards the request to its first group of targets.</summary>
    public void Start(RequestContext request, ServerTransaction server)
    {
        (_request, _transactions, IsInvite) = (request, 1, request.Request.Method == SipMethod.Invite);
        _forwarding.Begin(request);
        _returning.Begin(request, server);
        if (!IsInvite)
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
            _forwarding.CancelAll();
            Proceed();
            Settle();
        }
    }

    /// <summary>A branch was answered (RFC 3261 §16.7).</summary>
    public void OnResponse(ProxyBranch branch, SipResponse response)
    {
        if (branch.IsLeft)
        {
            _forwarding.Reconsider(branch, response);
        }

        branch.HasProvisional = true;
        branch.Walk?.Heard(response);
        if (response.StatusCode == 100 || !response.HasViaBelow)
        {
            return; // RFC 3261 §16.7 item 3: a response without a Via of someone else is for this element.
        }

        if (branch.IsDone && !(response.IsSuccess && (IsInvite || !(_returning.IsOver || _keeping.IsUnderWay))))
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
        else if (_forwarding.TryAfterRefusal(branch, response))
        {
            popped.Dispose();
        }
        else
        {
            Fail(branch, IsInvite ? ReturningResponse.Explain(_environment, Request, branch.Target, popped) : popped);
        }

        Settle();
    }

    /// <summary>A branch will not be answered any more: another server of the same domain, else as if it had been answered with this status.</summary>
    public void OnLost(ProxyBranch branch, int status)
    {
        if (!_forwarding.TryAfterSilence(branch))
        {
            Lose(branch, status);
        }

        Settle();
    }

    /// <summary>A branch could not be sent: another way to the same device if there is one, else as if this had come, a 503 as a rule (RFC 3261 §16.9).</summary>
    public void OnUnreachable(ProxyBranch branch, int status)
    {
        if (!_forwarding.TryAfterBreak(branch))
        {
            Lose(branch, status);
        }

        Settle();
    }

    /// <summary>A branch had its time (RFC 3261 §16.8), or was silent for so long that the request is kept.</summary>
    public void OnTimerC(ProxyBranch branch)
    {
        if (IsInvite)
        {
            _forwarding.GiveUp(branch);
        }
        else
        {
            branch.IsHopeless |= branch.IsDone; // the second time
            Lose(branch, 408);
            if (!_returning.IsOver && !_keeping.IsUnderWay && !branch.IsHopeless)
            {
                branch.StartTimer(_keeping.LastWait);
            }
        }

        Settle();
    }

    /// <summary>The request is kept, or cannot be: this is what its sender hears.</summary>
    public void OnKept(SipResponse answer)
    {
        _returning.Answer(answer);
        Settle();
        OnTerminated();
    }

    /// <summary>A client transaction began.</summary>
    public void OnSent() => _transactions++;

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
        _forwarding.GiveUpAll();
        Settle();
    }

    void IServerTransactionUser.OnTerminated(ServerTransaction transaction)
    {
        _returning.End();
        OnTerminated();
    }

    // What a branch says of whom nothing was expected any more: the request is with somebody, or it is known now that it is not.
    private void HearLate(SipResponse response)
    {
        if (response.IsSuccess)
        {
            _keeping.Arrived();
        }
        else if (!response.IsProvisional && !IsInvite && !_returning.IsOver)
        {
            Proceed();
            Settle();
        }
    }

    private void Ring(ProxyBranch branch, SipResponse response)
    {
        branch.HasRung = true;
        if (IsInvite && !branch.IsCancelled)
        {
            branch.StartTimer(_environment.Options.Proxy.TimerC);
        }

        if (IsInvite && !_returning.IsOver)
        {
            _returning.Send(response);
        }
        else
        {
            response.Dispose(); // RFC 4320 §4.1: no provisional response but 100 to a non-INVITE.
        }
    }

    // RFC 3261 §16.7 item 5: a 2xx goes back at once, and every one of them to an INVITE.
    private void Accept(ProxyBranch branch, SipResponse response)
    {
        if (branch.IsDone && (_returning.IsOver || (IsInvite && !branch.IsLeft)))
        {
            AcceptAgain(branch, response);
            return;
        }

        if (IsInvite && !_returning.IsOver && branch.Transaction is { } sent && _environment.Review?.RefusalInsteadOf(Request, branch.Target, response) is { } refusal)
        {
            branch.ReleaseFrom(_environment.Stack, sent, response, branch.Target.NextHop);
            Fail(branch, refusal);
            return;
        }

        branch.Finish();
        _returning.Answer(response);
        StopSearch();
        _forwarding.CancelAll();
    }

    // The ACK was lost: the device repeats its 2xx (RFC 6026 §7.2). Or a server that was left answers when the caller has been told that nobody did.
    private void AcceptAgain(ProxyBranch branch, SipResponse response)
    {
        if (branch is { IsLeft: true, Release: null, Transaction: { } sent } && _returning.Status >= 300)
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
            _returning.Send(response);
        }
    }

    private void Fail(ProxyBranch branch, SipResponse response)
    {
        branch.Finish();
        _finals.Add(response);
        if (response.StatusCode >= 600)
        {
            StopSearch();
            _forwarding.CancelAll();
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
        else if (!IsInvite)
        {
            Proceed(); // it may have been the last one that could yet answer
        }
    }

    // Starts the next group when the last one has nothing pending; when no group is left, the best response goes back.
    private void Proceed()
    {
        while (!_returning.IsOver && !_keeping.IsUnderWay && !_forwarding.IsBusy)
        {
            _returning.StopTimer();
            if (!_forwarding.TryNextGroup())
            {
                Conclude();
                return;
            }

            if (IsInvite && !Request.Queue.IsEmpty)
            {
                _returning.SetTimer(_environment.Options.Proxy.SerialTimeout);
            }
        }
    }

    // RFC 3261 §16.7 item 6.
    private void Conclude()
    {
        if (_forwarding is { HasSent: false, IsStopped: false } && Request.TakeOtherwise() is { } otherwise)
        {
            _returning.Answer(otherwise);
            return;
        }

        if (_returning.HasTransaction && TryKeep())
        {
            return;
        }

        if (_keeping.Patience is not null && _forwarding.MayHaveArrived)
        {
            return; // it cannot be kept, and a device that has been silent may yet take it
        }

        _returning.Answer(_finals.TakeAnswer(Request, _environment.Messages));
    }

    // What keeps the request counts as a transaction: this is not used again before the sender has his answer.
    private bool TryKeep()
    {
        _transactions++;
        if (_keeping.TryKeep(Request, _finals, _forwarding.MayHaveArrived))
        {
            return true;
        }

        _transactions--;
        return false;
    }

    /// <summary>When nothing more can come of the request, what it holds goes, long before the transactions do.</summary>
    public void Settle()
    {
        if (_request is not null && _returning.IsOver && !_forwarding.IsPending)
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
        _forwarding.Clear();
        _keeping.Clear();
        _returning.Clear();
        _environment.ResponseContexts.Return(this);
    }

    // No target is tried any more.
    private void StopSearch()
    {
        _forwarding.Stop();
        _returning.StopTimer();
    }
}
