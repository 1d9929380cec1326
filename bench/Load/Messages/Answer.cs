// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>What a calling phone needs of a response: the status, and by its branch the call and the request that it answers.</summary>
internal readonly record struct Answer(int Status, ulong Call, byte Step)
{
    /// <summary>Reads a response; its only Via is ours.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out Answer answer)
    {
        answer = default;
        ReadOnlySpan<byte> cookie = "z9hG4bK"u8;
        if (message.Length < 16 || !message.StartsWith("SIP/2.0 "u8))
        {
            return false;
        }

        int status = ((message[8] - '0') * 100) + ((message[9] - '0') * 10) + (message[10] - '0');
        int branch = message.IndexOf(cookie);
        if (branch < 0 || !CallNumber.TryRead(message[(branch + cookie.Length)..], out ulong call))
        {
            return false;
        }

        answer = new Answer(status, call, message[branch + cookie.Length + CallNumber.Digits]);
        return true;
    }
}
