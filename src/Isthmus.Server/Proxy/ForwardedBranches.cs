// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Isthmus.Server.Proxy;

/// <summary>The branches of one forwarded request, in the order in which they were made. The objects are used again for the next request.</summary>
internal sealed class ForwardedBranches(ResponseContext context)
{
    private readonly List<ProxyBranch> _made = [];
    private int _count;

    /// <summary>Whether one of them may still be answered.</summary>
    public bool ArePending
    {
        get
        {
            foreach (ProxyBranch branch in All)
            {
                if (!branch.IsDone)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether one of them was sent and has had no final response: it may have arrived.</summary>
    public bool AreUnanswered
    {
        get
        {
            foreach (ProxyBranch branch in All)
            {
                if (branch is { IsHopeless: false, Transaction.HasFinal: false })
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>All there are now.</summary>
    public ReadOnlySpan<ProxyBranch> All => CollectionsMarshal.AsSpan(_made)[.._count];

    /// <summary>The branch that was left for this one, and may yet be answered; null when there is none.</summary>
    public ProxyBranch? LeftFor(ProxyBranch successor)
    {
        foreach (ProxyBranch branch in All)
        {
            if (branch.Successor == successor && branch.Transaction is { HasFinal: false, IsCancelled: false })
            {
                return branch;
            }
        }

        return null;
    }

    /// <summary>One more.</summary>
    public ProxyBranch Add(in ProxyTarget target, int breadth)
    {
        if (_count == _made.Count)
        {
            _made.Add(new ProxyBranch(context));
        }

        ProxyBranch branch = _made[_count++];
        branch.Begin(target, breadth);
        return branch;
    }

    /// <summary>Lets go of everything.</summary>
    public void Clear()
    {
        foreach (ProxyBranch branch in All)
        {
            branch.Begin(default, 0);
        }

        _count = 0;
    }
}
