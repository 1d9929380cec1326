// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Messaging;

namespace Isthmus.Server.Diagnostics;

/// <summary>A message that waits, as it is shown to people.</summary>
internal static class MessageShow
{
    /// <param name="message">The message.</param>
    /// <param name="notBefore">When it may be tried; the largest number: when a device registers.</param>
    /// <param name="now">The time; both in milliseconds since 1970.</param>
    public static MessageView Of(StoredMessage message, long notBefore, long now) => new(
        message.Id,
        message.Aor,
        message.Sender,
        message.Type,
        message.Size,
        (now - message.Received) / 1000,
        Math.Max(0, message.Expires - now) / 1000,
        message.State is MessageState.Going or MessageState.Ending ? "goes" : notBefore == long.MaxValue ? "waits" : "retries",
        notBefore == long.MaxValue ? null : Math.Max(0, notBefore - now) / 1000,
        message.Attempts,
        message.Problem,
        message.CallId);
}
