// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Messaging;

/// <summary>How a message stands with one device, in this run of the server. Used under the lock of <see cref="Mailboxes"/>.</summary>
internal sealed class DeviceStand
{
    // To a device that cannot deal with one so often it will not be offered again.
    private const int MostTroubles = 5;

    /// <summary>Which of the message's transactions is the next one: another one than that which the device has answered.</summary>
    public int Transaction { get; set; }

    /// <summary>How often the device could not deal with it.</summary>
    public int Troubles { get; private set; }

    /// <summary>It is not offered before, in milliseconds since 1970; the largest number: never again.</summary>
    public long NotBefore { get; private set; }

    /// <summary>The device was tried.</summary>
    /// <param name="answer">What it made of the message.</param>
    /// <param name="transaction">Which of the message's transactions comes next, if it has answered this one.</param>
    /// <param name="now">The time.</param>
    public void Note(in DeviceAnswer answer, int transaction, long now)
    {
        Transaction = answer.HasSpoken ? transaction : Transaction;
        if (answer.Reaction == Reaction.Refused || (answer.Reaction == Reaction.Trouble && ++Troubles >= MostTroubles))
        {
            NotBefore = long.MaxValue;
        }
        else if (answer.Reaction == Reaction.Trouble)
        {
            NotBefore = now + (long)BackOff.After(Troubles).TotalMilliseconds;
        }
    }
}
