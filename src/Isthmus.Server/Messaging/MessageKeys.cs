// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Server.Messaging;

/// <summary>Numbers of 64 bits for messages that nobody can make without the store's secret, and that are the same after a restart.</summary>
internal sealed class MessageKeys(ReadOnlyMemory<byte> secret)
{
    private const int UsualLength = 512;

    private readonly KeyedHash _keys = KeyFor(secret, "message"u8);
    private readonly KeyedHash _branches = KeyFor(secret, "delivery"u8);

    /// <summary>What a request has in common with its repetitions, also by another transaction (RFC 3261 §8.2.2.2), and with nothing else. Makes no object.</summary>
    public ulong Of(ReadOnlySpan<byte> aor, SipRequest request) => Of(aor, request.CallIdBytes, request.CSeqNumber, request.FromTag);

    /// <summary>The same of a message that an earlier run left.</summary>
    public ulong Of(string aor, string callId, uint cseq, string fromTag) => Of(Encoding.UTF8.GetBytes(aor), Encoding.UTF8.GetBytes(callId), cseq, Encoding.UTF8.GetBytes(fromTag));

    /// <summary>
    /// What makes the branch of a message: the same for the same message and device, also in another run of the server, so that a device which has it takes it for a
    /// repetition (RFC 3261 §17.2.3); another one after the device has answered it. Never zero.
    /// </summary>
    /// <param name="aor">The user.</param>
    /// <param name="request">The request as it came: one that its sender sends again in another transaction is another one for the device too.</param>
    /// <param name="device">The device.</param>
    /// <param name="transaction">Which of the transactions; zero when it is forwarded as it comes.</param>
    public ulong BranchOf(string aor, SipRequest request, string device, int transaction)
    {
        ReadOnlySpan<byte> callId = request.CallIdBytes;
        ReadOnlySpan<byte> tag = request.FromView.Tag;
        ReadOnlySpan<byte> branch = request.TopViaView.Branch;
        int longest = (2 * sizeof(int)) + callId.Length + tag.Length + branch.Length + Encoding.UTF8.GetMaxByteCount(aor.Length) + Encoding.UTF8.GetMaxByteCount(device.Length) + 4;
        Span<byte> all = longest <= UsualLength ? stackalloc byte[UsualLength] : new byte[longest]; // each MESSAGE that is forwarded comes here
        BinaryPrimitives.WriteUInt32LittleEndian(all, request.CSeqNumber);
        BinaryPrimitives.WriteInt32LittleEndian(all[sizeof(int)..], transaction);
        int at = Add(branch, all, Add(tag, all, Add(callId, all, 2 * sizeof(int))));
        at += Encoding.UTF8.GetBytes(aor, all[at..]);
        all[at++] = (byte)'\n';
        at += Encoding.UTF8.GetBytes(device, all[at..]);
        return Math.Max(1, _branches.Of(all[..at]));
    }

    // Each MESSAGE that is forwarded comes here too, while anything waits or is remembered.
    private ulong Of(ReadOnlySpan<byte> aor, ReadOnlySpan<byte> callId, uint cseq, ReadOnlySpan<byte> fromTag)
    {
        int length = sizeof(uint) + aor.Length + callId.Length + fromTag.Length + 3;
        Span<byte> all = length <= UsualLength ? stackalloc byte[UsualLength] : new byte[length];
        BinaryPrimitives.WriteUInt32LittleEndian(all, cseq);
        Add(fromTag, all, Add(callId, all, Add(aor, all, sizeof(uint))));
        return _keys.Of(all[..length]);
    }

    private static int Add(ReadOnlySpan<byte> text, Span<byte> all, int at)
    {
        text.CopyTo(all[at..]);
        all[at + text.Length] = (byte)'\n';
        return at + text.Length + 1;
    }

    private static KeyedHash KeyFor(ReadOnlyMemory<byte> secret, ReadOnlySpan<byte> purpose) => KeyedHash.From(HMACSHA256.HashData(secret.Span, purpose));
}
