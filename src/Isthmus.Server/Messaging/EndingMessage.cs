// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Storing;

namespace Isthmus.Server.Messaging;

/// <summary>A message that was delivered or given up: when the store knows that, the next one may go.</summary>
internal sealed class EndingMessage(Mailroom room, StoredMessage message, MessageEnd end, string? why, Action<MessageMoment>? witness) : IStoreWork
{
    /// <summary>The message.</summary>
    public StoredMessage Message => message;

    /// <summary>How it ends.</summary>
    public MessageEnd End => end;

    /// <summary>Why no device has it; null where one has.</summary>
    public string? Why => why;

    public void Write(StoreConnection store)
    {
        MessageTable.End(store, message.Id, room.Now);
        witness?.Invoke(MessageMoment.Removing);
    }

    public void Done(string? problem)
    {
        if (problem is null)
        {
            witness?.Invoke(MessageMoment.Removed);
            room.Ended(this);
        }
        else
        {
            room.EndLater(this);
        }
    }
}
