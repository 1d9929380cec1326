// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>The answered transactions of a conversation, which only wait for retransmissions, oldest first. Used by the conversation's owner only.</summary>
internal sealed class LingerQueue
{
    private Transaction? _last;

    public int Count { get; private set; }

    public Transaction? Oldest { get; private set; }

    public void Add(Transaction transaction)
    {
        transaction.IsLingering = true;
        transaction.Older = _last;
        if (_last is null)
        {
            Oldest = transaction;
        }
        else
        {
            _last.Newer = transaction;
        }

        _last = transaction;
        Count++;
    }

    public void Remove(Transaction transaction)
    {
        if (!transaction.IsLingering)
        {
            return;
        }

        if (transaction.Newer is { } newer)
        {
            newer.Older = transaction.Older;
        }
        else
        {
            _last = transaction.Older;
        }

        if (transaction.Older is { } older)
        {
            older.Newer = transaction.Newer;
        }
        else
        {
            Oldest = transaction.Newer;
        }

        (transaction.IsLingering, transaction.Newer, transaction.Older) = (false, null, null);
        Count--;
    }
}
