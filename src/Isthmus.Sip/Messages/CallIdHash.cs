// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Sip;

/// <summary>The numbers of Call-IDs: the same for the same Call-ID as long as the process runs, and never 0. Who sends the Call-IDs cannot make them meet.</summary>
public static class CallIdHash
{
    private const int Longest = 256;
    private static readonly KeyedHash Key = KeyedHash.Random();

    /// <summary>The number of a Call-ID in bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> callId) => Math.Max(1, Key.Quick(callId));

    /// <summary>The number of a Call-ID in text.</summary>
    public static ulong Of(string callId)
    {
        Span<byte> bytes = stackalloc byte[Longest];
        return Encoding.UTF8.TryGetBytes(callId, bytes, out int length) ? Of(bytes[..length]) : Of(Encoding.UTF8.GetBytes(callId));
    }
}
