// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Server.Messaging;

/// <summary>
/// The mailboxes that have to be looked at, by time, each once at most, and how many of their messages are under way. Used under the lock of <see cref="Mailboxes"/>.
/// </summary>
/// <param name="mostUnderWay">How many may be on their way, or about to be removed, at the same time: calls need transactions too, and new messages the store.</param>
internal sealed class DueMailboxes(int mostUnderWay)
{
    // So many users and messages at a time: whoever looks has others to serve.
    private const int MostUsersAtOnce = 64;
    private const int MostMessagesAtOnce = 4096;

    private readonly SortedSet<Mailbox> _boxes = new(Comparer<Mailbox>.Create(static (one, other) =>
        one.Due != other.Due ? one.Due.CompareTo(other.Due) : one.Number.CompareTo(other.Number)));

    /// <summary>How many.</summary>
    public int Count => _boxes.Count;

    /// <summary>How many messages are under way.</summary>
    public int UnderWay { get; set; }

    /// <summary>How many more may be.</summary>
    public int Left => mostUnderWay - UnderWay;

    /// <summary>When somebody has to look; the largest number: there is none to look at, or no more may be under way.</summary>
    public long First => Left > 0 && _boxes.Min is { } first ? first.Due : long.MaxValue;

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

    /// <summary>Takes the first ones that are due, not too many.</summary>
    public List<Mailbox> Take(long now)
    {
        var taken = new List<Mailbox>();
        for (int left = MostMessagesAtOnce; left > 0 && taken.Count < MostUsersAtOnce && First <= now && TryTakeFirst(out Mailbox? box); left -= box.Count)
        {
            taken.Add(box);
        }

        return taken;
    }

    private bool TryTakeFirst([NotNullWhen(true)] out Mailbox? box)
    {
        box = _boxes.Min;
        if (box is not null)
        {
            Set(box, long.MaxValue);
        }

        return box is not null;
    }
}
