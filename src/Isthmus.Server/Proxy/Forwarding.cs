// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>
/// The forwarding of one request (RFC 3261 §16.6): its targets group by group, a branch for each, another way where one fails (§16.9, RFC 3263 §4.3), and the end
/// of the branches that have had their time or are not wanted any more (§16.8, §16.10). What a response means, the context says. Confined to the owner of the
/// conversation; it serves one request after the other.
/// </summary>
internal sealed class Forwarding(ProxyEnvironment environment, ResponseContext context, Keeping keeping)
{
    private readonly ForwardedBranches _branches = new(context);
    private bool _isStarting;

    /// <summary>Whether a branch was sent at all.</summary>
    public bool HasSent { get; private set; }

    /// <summary>Whether it was told to try nothing more.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Whether a branch may still be answered.</summary>
    public bool IsPending => _branches.ArePending;

    /// <summary>Whether a branch may yet be answered, those that were given up included: the request may have arrived.</summary>
    public bool MayHaveArrived => _branches.AreUnanswered;

    /// <summary>Whether a group of targets is being tried. While it is begun, who fails at once does not bring the next one.</summary>
    public bool IsBusy => _isStarting || _branches.ArePending;

    /// <summary>Takes a request with its target set.</summary>
    public void Begin(RequestContext request) => request.Queue.Fill(request.Targets, request.MaxBreadth, environment.Options.Limits.Branches);

    /// <summary>Forgets the request.</summary>
    public void Clear()
    {
        _branches.Clear();
        (_isStarting, HasSent, IsStopped) = (false, false, false);
    }

    /// <summary>Tries the next group of targets. False: none is left.</summary>
    public bool TryNextGroup()
    {
        ReadOnlySpan<ProxyTarget> group = context.Request.Queue.Next();
        if (group.IsEmpty)
        {
            return false;
        }

        _isStarting = true;
        for (int i = 0; i < group.Length; i++)
        {
            Forward(group[i], Breadth.ShareOf(context.Request.MaxBreadth, i, group.Length));
        }

        _isStarting = false;
        return true;
    }

    /// <summary>No other target is tried any more, and no other way to one.</summary>
    public void Stop()
    {
        IsStopped = true;
        context.Request.Queue.Clear();
    }

    /// <summary>Begins a branch whose target is known: by a walk where that is servers of another domain.</summary>
    public void Begin(ProxyBranch branch)
    {
        if (branch.Target.Servers is { } servers)
        {
            branch.Walk = new ServerWalk(environment, context, this, branch, servers);
            branch.Walk.Begin();
        }
        else if (!Send(branch) && !TryAfterBreak(branch))
        {
            context.Lose(branch, 503); // no listener of that transport and IP version
        }
    }

    /// <summary>Sends a branch to where it goes now. False: there is no listener of that transport and IP version.</summary>
    public bool Send(ProxyBranch branch)
    {
        RequestContext request = context.Request;
        if (!BranchSending.TrySend(environment, request, branch, keeping.BranchOf(request, branch.Target)))
        {
            return false;
        }

        HasSent = true;
        branch.Transaction!.ReturnFlow = request.Flow;
        context.OnSent();
        if (context.IsInvite)
        {
            branch.StartTimer(environment.Options.Proxy.TimerC);
        }
        else if (keeping.Patience is { } patience)
        {
            branch.StartTimer(patience);
        }

        return true;
    }

    /// <summary>Sends a branch to another address of the same server too. False: it cannot be.</summary>
    public bool SendAlso(ProxyBranch branch, in ProxyTarget other) => BranchSending.TrySendAlso(environment, context.Request, branch, other);

    /// <summary>Leaves the server that a branch went to for another one, in another branch that is not sent yet.</summary>
    public void Replace(ProxyBranch branch) => branch.LeaveFor(_branches.Add(branch.Target, branch.Breadth));

    /// <summary>A server that was left for another one speaks after all: which of them keeps the request?</summary>
    public void Reconsider(ProxyBranch branch, SipResponse response) => branch.Reconsider(response, MayWalk(branch.Successor!));

    /// <summary>A branch was not answered in time: goes to another server of the same domain. False: there is none, and this one is lost.</summary>
    public bool TryAfterSilence(ProxyBranch branch) => !branch.HasProvisional && MayWalk(branch) && branch.Walk!.TryNext();

    /// <summary>A branch could not be sent or delivered: goes to the same target by another way. False: there is none, and this one is lost.</summary>
    public bool TryAfterBreak(ProxyBranch branch)
    {
        if (IsStopped || branch is not { IsDone: false, IsCancelled: false, HasProvisional: false })
        {
            return false;
        }

        if (branch.Walk is { } walk)
        {
            return walk.TryAfterBreak();
        }

        if (!environment.Targets.TryNext(branch.Target, out ProxyTarget next))
        {
            return false;
        }

        branch.Finish();
        Forward(next, branch.Breadth);
        return true;
    }

    /// <summary>A branch was refused: goes to another server of the same domain, or back to one that has the request already. False: the refusal counts.</summary>
    public bool TryAfterRefusal(ProxyBranch branch, SipResponse refusal)
    {
        if (!MayWalk(branch))
        {
            return false;
        }

        if (refusal.StatusCode == 503)
        {
            return !branch.HasRung && branch.Walk!.TryNext(RetryAfter.Of(refusal)); // RFC 3263 §4.3
        }

        if (refusal.StatusCode != 482 || _branches.LeftFor(branch) is not { } left)
        {
            return false;
        }

        branch.LeaveFor(left); // RFC 3261 §8.2.2.2: the callee has the request already, from the server that was left
        return true;
    }

    /// <summary>Cancels the branches that are pending. Only an INVITE can be (RFC 3261 §9.1).</summary>
    public void CancelAll()
    {
        foreach (ProxyBranch branch in _branches.All)
        {
            Cancel(branch);
        }
    }

    /// <summary>The group of targets that is being tried had its time.</summary>
    public void GiveUpAll()
    {
        foreach (ProxyBranch branch in _branches.All) // those that there are now: who is given up may be followed by others
        {
            GiveUp(branch);
        }
    }

    /// <summary>RFC 3261 §16.8: a branch that was heard of is cancelled and ends with its 487; one that was not ends now.</summary>
    public void GiveUp(ProxyBranch branch)
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
            context.Lose(branch, 408);
        }
    }

    private void Forward(in ProxyTarget target, int breadth)
    {
        ProxyBranch branch = _branches.Add(target, breadth);
        if (target.IsAway)
        {
            branch.Search = new AwaySearch(environment, context, this, branch, new CancellationTokenSource());
            branch.Search.Begin();
        }
        else
        {
            Begin(branch);
        }
    }

    private void Cancel(ProxyBranch branch)
    {
        if (branch.IsDone || branch.IsCancelled || !context.IsInvite)
        {
            return;
        }

        branch.IsCancelled = true;
        branch.StopTimer();
        if (branch.Transaction is null)
        {
            context.Lose(branch, 487); // no server was sent to yet
            return;
        }

        branch.Walk?.GiveUp();
        branch.Transaction.Cancel(); // the stack waits for a provisional response (RFC 3261 §9.1) and for the 487
    }

    // Whether a branch may go to another server than the one it is with. Where the request is over, this was stopped, or no branch is left.
    private bool MayWalk(ProxyBranch branch) => !IsStopped && branch is { Walk: not null, IsDone: false, IsCancelled: false };
}
