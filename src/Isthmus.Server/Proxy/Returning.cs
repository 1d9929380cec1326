// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// What goes back to the sender of a forwarded request (RFC 3261 §16.7 items 5 to 10): by its transaction while there is one, then by the way it came. Confined
/// to the owner of the conversation; it serves one request after the other.
/// </summary>
internal sealed class Returning(ProxyEnvironment environment, ResponseContext context)
{
    private ServerTransaction? _transaction;
    private Flow? _cameBy;

    /// <summary>Whether the sender's transaction is there.</summary>
    public bool HasTransaction => _transaction is not null;

    /// <summary>The status of the final answer; zero until it is given.</summary>
    public int Status { get; private set; }

    /// <summary>Whether the final answer is given, or that there is none.</summary>
    public bool IsOver => Status != 0;

    /// <summary>Takes the transaction of a request.</summary>
    public void Begin(RequestContext request, ServerTransaction transaction)
    {
        (_transaction, _cameBy, transaction.EndsWithSuccess) = (transaction, request.Flow, true);
        transaction.Attach(context);
        if (context.IsInvite && transaction.LastResponse is null)
        {
            // RFC 3261 §16.2: at once, so that the caller stops repeating the INVITE.
            transaction.Respond(request.RespondTrying().Build(environment.Messages));
        }
    }

    /// <summary>The transaction is over.</summary>
    public void End() => _transaction = null;

    /// <summary>Forgets the request.</summary>
    public void Clear() => (_transaction, _cameBy, Status) = (null, null, 0);

    /// <summary>Tells the context when a group of targets has had its time.</summary>
    public void SetTimer(TimeSpan due) => _transaction?.SetTimer(due);

    /// <summary>It need not be told any more.</summary>
    public void StopTimer() => _transaction?.StopTimer();

    /// <summary>Sends a response back, and takes it over. When the transaction is gone, only a 2xx to an INVITE still goes (RFC 6026 §7.2).</summary>
    public void Send(SipResponse response)
    {
        if (_transaction is { } transaction)
        {
            transaction.Respond(response); // no 408 to other requests than INVITE (RFC 4320 §4.2)
            return;
        }

        if (context.IsInvite && response.IsSuccess)
        {
            environment.Stack.SendStateless(response, _cameBy);
        }

        response.Dispose();
    }

    /// <summary>Gives the final answer, and takes it over. After it only further 2xx to an INVITE go back.</summary>
    public void Answer(SipResponse response)
    {
        int status = response.StatusCode;
        if (!IsOver || context.IsInvite)
        {
            Send(response);
        }
        else
        {
            response.Dispose();
        }

        if (!IsOver)
        {
            Status = status;
            environment.Observer.Finished(context.Request, status);
        }
    }
}
