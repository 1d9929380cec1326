// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>One forwarded copy of a request: its target and its client transaction. What happens to it, its response context decides.</summary>
internal sealed class ProxyBranch(ResponseContext context) : IClientTransactionUser
{
    private ProxyTarget _target;
    private TimeSpan _timerC;

    /// <summary>Where it goes.</summary>
    public ref readonly ProxyTarget Target => ref _target;

    /// <summary>Its share of the request's Max-Breadth.</summary>
    public int Breadth { get; private set; }

    /// <summary>Its client transaction; null until it is sent.</summary>
    public ClientTransaction? Transaction { get; set; }

    /// <summary>No answer is awaited any more: it could not be sent, or has had its time.</summary>
    public bool IsHopeless { get; set; }

    /// <summary>A response came, 100 included.</summary>
    public bool HasProvisional { get; set; }

    /// <summary>The callee was reached: a response other than 100 came.</summary>
    public bool HasRung { get; set; }

    /// <summary>The branch that took its place, to another server, before this one had answered; null otherwise.</summary>
    public ProxyBranch? Successor { get; private set; }

    /// <summary>Another branch took its place. It is done; should it be answered yet, that must end well too.</summary>
    public bool IsLeft => Successor is not null;

    /// <summary>Its way through the servers of another domain; null for every other target, and when that is at its end.</summary>
    public ServerWalk? Walk { get; set; }

    /// <summary>The search for the servers that it goes to; null when they are known.</summary>
    public AwaySearch? Search { get; set; }

    /// <summary>It has its final response, or will get none: nothing of it is awaited any more (2xx retransmissions aside).</summary>
    public bool IsDone { get; private set; }

    /// <summary>It was told to stop.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>It was answered, but the caller does not get that answer; null otherwise.</summary>
    public ReleasedBranch? Release { get; set; }

    /// <summary>It was answered with a 2xx that the caller does not get: who has sent that is thanked, and told that nobody is there. Takes the response over.</summary>
    public void ReleaseFrom(SipStack stack, ClientTransaction sent, SipResponse response, Target target)
    {
        sent.ReturnFlow = null; // a repeated 2xx is for this branch
        Release = new ReleasedBranch(stack, sent.Request, response, target);
        response.Dispose();
    }

    /// <summary>Begins anew, for another target.</summary>
    public void Begin(in ProxyTarget target, int breadth)
    {
        (_target, Breadth) = (target, breadth);
        (Transaction, HasProvisional, IsDone, IsCancelled, Release) = (null, false, false, false, null);
        (HasRung, Successor, _timerC, IsHopeless) = (false, null, default, false);
        EndWalk();
    }

    /// <summary>It goes, or went, to another server of the same domain.</summary>
    public void GoTo(in ProxyTarget target) => _target = target;

    /// <summary>Another one takes its place and goes on with its walk: a new one, or one that was left before.</summary>
    public void LeaveFor(ProxyBranch successor)
    {
        ServerWalk? walk = Walk;
        Walk = null;
        Finish();
        Transaction?.StopRepeating();
        Successor = successor;
        (successor.Walk, successor.Successor, successor.IsDone) = (walk, null, false);
        walk?.GoOnAs(successor);
        if (successor._timerC > TimeSpan.Zero)
        {
            successor.StartTimer(successor._timerC); // it comes back
        }
    }

    /// <summary>Its server was left, and speaks after all: it keeps the request if it is the first to speak, else it is told to stop.</summary>
    /// <param name="response">What it says.</param>
    /// <param name="mayReturn">Whether the request may still go to another server than the one it is with.</param>
    public void Reconsider(SipResponse response, bool mayReturn)
    {
        if (mayReturn && Successor is { HasProvisional: false } successor && response.StatusCode is not (482 or 503))
        {
            successor.LeaveFor(this);
        }
        else if (response.IsProvisional)
        {
            Transaction?.Cancel();
        }
    }

    /// <summary>Its server is the last one that is tried.</summary>
    public void EndWalk()
    {
        Search?.End();
        Walk?.End();
        (Search, Walk) = (null, null);
    }

    /// <summary>Marks it as done and stops its timer.</summary>
    public void Finish()
    {
        IsDone = true;
        StopTimer();
        EndWalk();
    }

    /// <summary>Starts Timer C (RFC 3261 §16.8), from the beginning.</summary>
    public void StartTimer(TimeSpan due)
    {
        _timerC = due;
        Transaction?.SetTimer(due);
    }

    /// <summary>Stops it.</summary>
    public void StopTimer() => Transaction?.StopTimer();

    void IClientTransactionUser.OnResponse(ClientTransaction transaction, SipResponse response) => context.OnResponse(this, response);

    void IClientTransactionUser.OnTimeout(ClientTransaction transaction) => context.OnLost(this, 408);

    void IClientTransactionUser.OnTransportError(ClientTransaction transaction, SocketError? error)
    {
        IsHopeless = true;
        Walk?.OnBreak(error);
        context.OnUnreachable(this, error == SocketError.MessageSize ? 513 : 503); // RFC 3261 §21.5.11: too long for the only transport that there is
    }

    void IClientTransactionUser.OnWayLost(ClientTransaction transaction, Target target, SocketError? error) => Walk?.OnWayLost(target, error);

    void IClientTransactionUser.OnTimer(ClientTransaction transaction) => context.OnTimerC(this);

    void IClientTransactionUser.OnTerminated(ClientTransaction transaction)
    {
        Transaction = null;
        context.OnLost(this, 408);
        context.OnTerminated();
    }
}
