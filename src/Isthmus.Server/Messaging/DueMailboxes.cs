// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Server.Messaging;

/// <summary>The mailboxes that have to be looked at, by time; each stands here once at most. Used under the lock of <see cref="Mailboxes"/>.</summary>
internal sealed class DueMailboxes
{
    private readonly SortedSet<Mailbox> _boxes = new(Comparer<Mailbox>.Create(static (one, other) =>
        one.Due != other.Due ? one.Due.CompareTo(other.Due) : one.Number.CompareTo(other.Number)));

    /// <summary>How many.</summary>
    public int Count => _boxes.Count;

    /// <summary>When the first one is due; the largest number: there is none.</summary>
    public long First => _boxes.Min?.Due ?? long.MaxValue;

    /// <summary>Lets a mailbox be looked at then, and not at another time; the largest number: not at all.</summary>
    public void Set(Mailbox box, long due)
    {
        if (due == box.Due)
        {
            return;
        }

        if (box.Due != long.MaxValue)
        {
            _boxes.Remove(box);
        }

        box.Due = due;
        if (due != long.MaxValue)
        {
            _boxes.Add(box);
        }
    }

    /// <summary>Takes the first one that is due.</summary>
    public bool TryTake(long now, [NotNullWhen(true)] out Mailbox? box)
    {
        box = _boxes.Min;
        if (box is null || box.Due > now)
        {
            return false;
        }

        Set(box, long.MaxValue);
        return true;
    }
}
