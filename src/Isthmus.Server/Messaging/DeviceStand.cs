// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Messaging;

/// <summary>How a message stands with one device, in this run of the server. Used under the lock of <see cref="Mailboxes"/>.</summary>
internal sealed class DeviceStand
{
    /// <summary>Which of the message's transactions is the next one: another one than that which the device has answered.</summary>
    public int Transaction { get; set; }

    /// <summary>How often the device could not deal with it.</summary>
    public int Troubles { get; set; }

    /// <summary>It is not offered before, in milliseconds since 1970; the largest number: never again.</summary>
    public long NotBefore { get; set; }
}
