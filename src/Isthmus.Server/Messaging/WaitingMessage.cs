// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Messaging;

/// <summary>A message that waits, as it stands among the others.</summary>
/// <param name="Message">The message.</param>
/// <param name="IsFirst">Whether it is the next one of its sender, or on its way.</param>
/// <param name="NotBefore">When it may be tried, in milliseconds since 1970; the largest number: when a device registers.</param>
internal readonly record struct WaitingMessage(StoredMessage Message, bool IsFirst, long NotBefore);
