// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>One forwarded copy of a request: its target and its client transaction. What happens to it, its response context decides.</summary>
internal sealed class ProxyBranch(ResponseContext context) : IClientTransactionUser
{
    private ProxyTarget _target;

    /// <summary>Where it goes.</summary>
    public ref readonly ProxyTarget Target => ref _target;

    /// <summary>Its share of the request's Max-Breadth.</summary>
    public int Breadth { get; private set; }

    /// <summary>Its client transaction; null until it is sent.</summary>
    public ClientTransaction? Transaction { get; set; }

    /// <summary>A response came, 100 included.</summary>
    public bool HasProvisional { get; set; }

    /// <summary>The callee was reached: a response other than 100 came.</summary>
    public bool HasRung { get; set; }

    /// <summary>Another server was taken instead, before this one had answered. It is done; should it answer yet, that must end well too.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>Its way through the servers of another domain; null for every other target, and when that is at its end.</summary>
    public ServerWalk? Walk { get; set; }

    /// <summary>It has its final response, or will get none: nothing of it is awaited any more (2xx retransmissions aside).</summary>
    public bool IsDone { get; private set; }

    /// <summary>It was told to stop.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>It was answered, but the caller does not get that answer; null otherwise.</summary>
    public ReleasedBranch? Release { get; set; }

    /// <summary>Begins anew, for another target.</summary>
    public void Begin(in ProxyTarget target, int breadth)
    {
        (_target, Breadth) = (target, breadth);
        (Transaction, HasProvisional, IsDone, IsCancelled, Release) = (null, false, false, false, null);
        (HasRung, IsLeft) = (false, false);
        EndWalk();
    }

    /// <summary>It goes, or went, to another server of the same domain.</summary>
    public void GoTo(in ProxyTarget target) => _target = target;

    /// <summary>Another one goes on with its walk.</summary>
    public void Leave()
    {
        Walk = null;
        Finish();
        IsLeft = true;
        Transaction?.Leave();
    }

    /// <summary>Its server is the last one that is tried.</summary>
    public void EndWalk()
    {
        Walk?.End();
        Walk = null;
    }

    /// <summary>Marks it as done and stops its timer.</summary>
    public void Finish()
    {
        IsDone = true;
        StopTimer();
        EndWalk();
    }

    /// <summary>Starts Timer C (RFC 3261 §16.8), from the beginning.</summary>
    public void StartTimer(TimeSpan due) => Transaction?.SetTimer(due);

    /// <summary>Stops it.</summary>
    public void StopTimer() => Transaction?.StopTimer();

    void IClientTransactionUser.OnResponse(ClientTransaction transaction, SipResponse response) => context.OnResponse(this, response);

    void IClientTransactionUser.OnTimeout(ClientTransaction transaction) => context.OnLost(this, 408);

    void IClientTransactionUser.OnTransportError(ClientTransaction transaction, SocketError? error) => context.OnUnreachable(this);

    void IClientTransactionUser.OnWayLost(ClientTransaction transaction, Target target, SocketError? error) => Walk?.OnWayLost(target);

    void IClientTransactionUser.OnTimer(ClientTransaction transaction) => context.OnTimerC(this);

    void IClientTransactionUser.OnTerminated(ClientTransaction transaction)
    {
        Transaction = null;
        context.OnLost(this, 408);
        context.OnTerminated();
    }
}
