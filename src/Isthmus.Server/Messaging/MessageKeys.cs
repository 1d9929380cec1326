// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Server.Messaging;

/// <summary>Numbers of 64 bits for messages that nobody can make without the store's secret, and that are the same after a restart.</summary>
internal sealed class MessageKeys(ReadOnlyMemory<byte> secret)
{
    private readonly KeyedHash _keys = KeyFor(secret, "message"u8);
    private readonly KeyedHash _branches = KeyFor(secret, "delivery"u8);

    /// <summary>What a request has in common with its repetitions, also by another transaction (RFC 3261 §8.2.2.2), and with nothing else.</summary>
    public ulong Of(string aor, string callId, uint cseq, string fromTag) => _keys.Of(Encoding.UTF8.GetBytes($"{aor}\n{callId}\n{cseq}\n{fromTag}"));

    /// <inheritdoc cref="Of(string, string, uint, string)"/>
    public ulong Of(StoredMessage message) => Of(message.Aor, message.CallId, message.CSeq, message.FromTag);

    /// <summary>
    /// What makes the branch of a delivery: the same for the same message and device, also in another run of the server, so that a device which has it takes it for a
    /// repetition (RFC 3261 §17.2.3); another one after the device has answered it. Never zero.
    /// </summary>
    public ulong BranchOf(StoredMessage message, string device, int transaction) => Math.Max(1, _branches.Of(Encoding.UTF8.GetBytes($"{message.Id}\n{Of(message):x}\n{transaction}\n{device}")));

    private static KeyedHash KeyFor(ReadOnlyMemory<byte> secret, ReadOnlySpan<byte> purpose) => KeyedHash.From(HMACSHA256.HashData(secret.Span, purpose));
}
