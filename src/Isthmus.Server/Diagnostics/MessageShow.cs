// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Messaging;

namespace Isthmus.Server.Diagnostics;

/// <summary>The messages that wait, as they are shown to people.</summary>
internal static class MessageShow
{
    /// <summary>What waits, the oldest first; null: none are kept.</summary>
    public static IReadOnlyList<MessageView> All(Mailroom? room) => [.. (room?.Boxes.All ?? []).Select(entry => Of(entry, room!.IsThere(entry.Message.Aor), room.Now))];

    /// <param name="entry">The message.</param>
    /// <param name="isThere">Whether its user has a device.</param>
    /// <param name="now">The time, in milliseconds since 1970.</param>
    public static MessageView Of(in WaitingMessage entry, bool isThere, long now)
    {
        StoredMessage message = entry.Message;
        (string state, long? next) = message switch
        {
            { State: MessageState.Going or MessageState.Ending } => ("goes", (long?)null),
            { IsSetAside: true } => ("waits", null),
            _ when !isThere || entry.NotBefore == long.MaxValue => ("waits", null),
            _ when !entry.IsFirst => ("queued", null),
            _ => ("retries", Math.Max(0, entry.NotBefore - now) / 1000),
        };
        return new(
            message.Id, message.Aor, message.Sender, message.IsOfStranger, message.Type, message.Size, (now - message.Received) / 1000, Math.Max(0, message.Expires - now) / 1000, state, next,
            message.Attempts, message.Problem, message.CallId);
    }
}
