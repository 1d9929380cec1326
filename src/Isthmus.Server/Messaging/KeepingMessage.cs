// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Proxy;
using Isthmus.Server.Storing;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Messaging;

/// <summary>A message on its way into the store; then its sender is told. One that has come before is only looked for: what was posted before this is done.</summary>
internal sealed class KeepingMessage(Mailroom room, SipStack stack, StoredMessage message, byte[]? request, IKeepingUser user, Action<MessageMoment>? witness) : IStoreWork
{
    public void Write(StoreConnection store)
    {
        if (request is not null)
        {
            MessageTable.Add(store, message, request);
            witness?.Invoke(MessageMoment.Written);
        }
    }

    public void Done(string? problem)
    {
        if (request is not null)
        {
            witness?.Invoke(MessageMoment.Committed);
            room.Stored(message, problem is null);
        }

        bool isKept = problem is null && room.IsStored(message);
        stack.RunIn(message.CallId, () => user.Kept(isKept ? KeepOutcome.Kept : KeepOutcome.NotStored, isKept ? message : null));
        if (isKept)
        {
            witness?.Invoke(MessageMoment.Accepted);
        }
    }
}
