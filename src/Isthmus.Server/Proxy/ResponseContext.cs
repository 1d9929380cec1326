// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// The response context of a forwarded request (RFC 3261 §16.2): its branches, the responses they brought, and what of them goes back.
/// Confined to the owner of its conversation, timers included.
/// </summary>
internal sealed class ResponseContext
{
    private readonly ProxyEnvironment _environment;
    private readonly RequestContext _request;
    private readonly ServerTransaction _server;
    private readonly TargetQueue _targets = new();
    private readonly List<ProxyBranch> _branches = [];
    private readonly List<SipResponse> _finals = [];
    private bool _isOver;
    private bool _isSearchOver;
    private bool _isStarting;
    private ConversationTimer? _groupTimer;

    public ResponseContext(ProxyEnvironment environment, RequestContext request, ServerTransaction server)
    {
        (_environment, _request, _server) = (environment, request, server);
        _targets.Fill(request.Targets, request.MaxBreadth, environment.Options.Limits.Branches);
    }

    private bool IsInvite => _request.Request.Method == SipMethod.Invite;

    private bool IsPending
    {
        get
        {
            foreach (ProxyBranch branch in _branches)
            {
                if (!branch.IsDone)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Forwards the request to its first group of targets.</summary>
    public void Start()
    {
        if (IsInvite)
        {
            // RFC 3261 §16.2: at once, so that the caller stops repeating the INVITE.
            _server.Respond(_request.Request.Answer(100).Build());
        }

        _environment.Observer.Started(_request);
        _environment.Counters.CountForwarded();
        Proceed();
    }

    /// <summary>The caller gave up: no new branch, and every pending one is cancelled (RFC 3261 §16.10).</summary>
    public void Cancel()
    {
        StopSearch();
        CancelBranches();
        Proceed();
    }

    /// <summary>A branch was answered (RFC 3261 §16.7).</summary>
    internal void OnResponse(ProxyBranch branch, SipResponse response)
    {
        branch.HasProvisional = true;
        if (response.StatusCode == 100 || response.Vias.Count < 2)
        {
            return; // RFC 3261 §16.7 item 3: a response without a Via of someone else is for this element.
        }

        SipResponse popped = MessageEdit.Of(response).RemoveFirstValue(HeaderName.Via).BuildResponse();
        _environment.Observer.Responded(_request, branch.Target, popped);
        if (response.IsProvisional)
        {
            Ring(branch, popped);
        }
        else if (response.IsSuccess)
        {
            Accept(branch, popped);
        }
        else if (!branch.IsDone)
        {
            Fail(branch, IsInvite && _environment.Review is { } review ? review.Explain(_request, branch.Target, popped) : popped);
        }
    }

    /// <summary>A branch will not be answered any more: as if it had been, with this status.</summary>
    internal void OnLost(ProxyBranch branch, int status)
    {
        if (branch.IsDone)
        {
            return;
        }

        branch.Finish();
        _finals.Add(_request.Request.Answer(branch.IsCancelled ? 487 : status, null, Identifiers.NewTag()).Build());
        Proceed();
    }

    /// <summary>A branch could not be sent: another way to the same device if there is one, else as if a 503 had come (RFC 3261 §16.9).</summary>
    internal void OnUnreachable(ProxyBranch branch)
    {
        if (branch is { IsDone: false, IsCancelled: false, HasProvisional: false } && !_isSearchOver && _environment.Targets.TryNext(branch.Target, out ProxyTarget next))
        {
            branch.Finish();
            Forward(next, branch.Breadth);
        }
        else
        {
            OnLost(branch, 503);
        }
    }

    private void Ring(ProxyBranch branch, SipResponse response)
    {
        if (branch.IsDone || !IsInvite)
        {
            return; // RFC 4320 §4.1: no provisional response but 100 to a non-INVITE.
        }

        if (!branch.IsCancelled)
        {
            StartTimerC(branch);
        }

        if (!_isOver)
        {
            _server.Respond(response);
        }
    }

    // RFC 3261 §16.7 item 5: a 2xx goes back at once, and every one of them to an INVITE.
    private void Accept(ProxyBranch branch, SipResponse response)
    {
        if (branch.Release is { } released)
        {
            released.Acknowledge();
            return;
        }

        if (IsInvite && !_isOver && branch is { IsDone: false, Transaction: { } sent }
            && _environment.Review?.RefusalInsteadOf(_request, branch.Target, response) is { } refusal)
        {
            branch.Release = new ReleasedBranch(_environment.Stack, sent.Request, response, branch.Target.NextHop);
            Fail(branch, refusal);
            return;
        }

        branch.Finish();
        if (!_isOver || IsInvite)
        {
            _server.Respond(response);
        }

        StopSearch();
        CancelBranches();
        End(response.StatusCode);
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

    // Starts the next group when the last one has nothing pending; when no group is left, the best response goes back.
    private void Proceed()
    {
        if (_isStarting)
        {
            return; // a branch failed inside Send: the loop below sees it
        }

        while (!_isOver && !IsPending)
        {
            StopGroupTimer();
            ReadOnlySpan<ProxyTarget> group = _targets.Next();
            if (group.IsEmpty)
            {
                Conclude();
                return;
            }

            _isStarting = true;
            for (int i = 0; i < group.Length; i++)
            {
                Forward(group[i], Breadth.ShareOf(_request.MaxBreadth, i, group.Length));
            }

            _isStarting = false;
            if (IsInvite && !_targets.IsEmpty)
            {
                _groupTimer = Schedule(_environment.Options.Proxy.SerialTimeout, GiveUpBranches);
            }
        }
    }

    private void Forward(in ProxyTarget target, int breadth)
    {
        var branch = new ProxyBranch(this, target, breadth);
        _branches.Add(branch);
        if (_environment.Stack.FlowTowards(target.NextHop) is not { } flow)
        {
            OnUnreachable(branch); // no listener of that transport and IP version
            return;
        }

        SipRequest copy = OutgoingRequest.Compose(_request, target, flow, breadth, _environment.Marks.TokenFor(_request.Request.CallId));
        _environment.Counters.CountBranch();
        _environment.Observer.Sent(_request, target, flow);
        if (IsInvite)
        {
            StartTimerC(branch);
        }

        branch.Transaction = _environment.Stack.Send(copy, target.NextHop, branch, _request.LoopMark);
    }

    // RFC 3261 §16.7 item 6.
    private void Conclude()
    {
        SipResponse? best = BestResponse.Of(_finals);
        int status = best?.StatusCode ?? 408;
        if (status == 408 && !IsInvite)
        {
            _server.Abandon(); // RFC 4320 §4.2
        }
        else if (best is null || status == 503)
        {
            // A 503 of ours would say that this server can serve nobody.
            (status, string? reason) = status == 503 ? (500, "Next Hop Unavailable") : (status, null);
            _server.Respond(_request.Request.Answer(status, reason, Identifiers.NewTag()).Build());
        }
        else
        {
            _server.Respond(WithChallenges(best));
        }

        End(status);
    }

    private SipResponse WithChallenges(SipResponse best)
    {
        MessageEdit? edit = null;
        foreach ((HeaderName name, string value) in BestResponse.ChallengesBeside(best, _finals))
        {
            edit = (edit ?? MessageEdit.Of(best)).Append(name, value);
        }

        return edit?.BuildResponse() ?? best;
    }

    private void End(int status)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _environment.Observer.Finished(_request, status);
    }

    // No target is tried any more.
    private void StopSearch()
    {
        _isSearchOver = true;
        _targets.Clear();
        StopGroupTimer();
    }

    private void StopGroupTimer()
    {
        _groupTimer?.Cancel();
        _groupTimer = null;
    }

    private void GiveUpBranches()
    {
        foreach (ProxyBranch branch in _branches.ToArray())
        {
            GiveUp(branch);
        }
    }

    private void CancelBranches()
    {
        foreach (ProxyBranch branch in _branches)
        {
            Cancel(branch);
        }
    }

    private void Cancel(ProxyBranch branch)
    {
        if (branch.IsDone || branch.IsCancelled || !IsInvite)
        {
            return;
        }

        branch.IsCancelled = true;
        branch.StopTimer();
        branch.Transaction?.Cancel(); // the stack waits for a provisional response (RFC 3261 §9.1) and for the 487
    }

    private void StartTimerC(ProxyBranch branch)
    {
        branch.StopTimer();
        branch.Timer = Schedule(_environment.Options.Proxy.TimerC, () => GiveUp(branch));
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
            OnLost(branch, 408);
        }
    }

    private ConversationTimer Schedule(TimeSpan due, Action action) => _environment.Stack.RunIn(_request.Request.CallId, due, action);
}
