// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Proxy;
using Isthmus.Server.Storing;

namespace Isthmus.Server.Messaging;

/// <summary>A message on its way into the store; then its sender is told.</summary>
/// <param name="room">Whose it is.</param>
/// <param name="message">What it is.</param>
/// <param name="request">The request; null for one that has come before: what was posted before this is done, and tells.</param>
/// <param name="isUserKnown">Whether it is known that there is such a user; else the store is asked.</param>
/// <param name="user">Tells the sender.</param>
internal sealed class KeepingMessage(Mailroom room, StoredMessage message, byte[]? request, bool isUserKnown, IKeepingUser user) : IStoreWork
{
    private bool _isUserKnown = isUserKnown;

    public void Write(StoreConnection store)
    {
        _isUserKnown |= FormerUsers.Has(store, message.Aor);
        if (request is not null && _isUserKnown)
        {
            MessageTable.Add(store, message, request);
            room.Witness?.Invoke(MessageMoment.Written);
        }
    }

    public void Done(string? problem)
    {
        if (request is not null)
        {
            room.Witness?.Invoke(MessageMoment.Committed);
            room.Stored(message, problem is null && _isUserKnown);
        }

        bool isKept = problem is null && room.Boxes.IsStored(message);
        KeepOutcome outcome = isKept ? KeepOutcome.Kept : problem is null && !_isUserKnown ? KeepOutcome.UserUnknown : KeepOutcome.NotStored;
        room.Stack.RunIn(message.CallId, () => user.Kept(outcome, isKept ? message : null));
        if (isKept)
        {
            room.Witness?.Invoke(MessageMoment.Accepted);
        }
    }
}
