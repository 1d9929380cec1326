// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Proxy;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Messaging;

/// <summary>A request that a step has taken to be kept, until it is answered. Confined to the owner of its conversation.</summary>
internal sealed class KeptRequest : IKeepingUser, IServerTransactionUser
{
    private readonly RequestContext _context;
    private bool _isOver;

    /// <summary>Takes a request that has a transaction.</summary>
    public KeptRequest(RequestContext context)
    {
        _context = context;
        context.Hold();
        context.Transaction!.Attach(this);
    }

    public void Kept(KeepOutcome outcome, object? kept)
    {
        if (!_isOver)
        {
            _isOver = true;
            _context.Answer(outcome.Answer(_context));
        }

        _context.Release();
    }

    // It was answered by the stack itself, which is closing.
    void IServerTransactionUser.OnTerminated(ServerTransaction transaction) => _isOver = true;
}
