// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace Isthmus.Media;

/// <summary>Numbers and names that nobody can guess (RFC 3550 §8.1, RFC 7022).</summary>
internal static class SourceIdentity
{
    public static uint Random()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt32(bytes);
    }

    /// <summary>96 random bits: a short-term persistent name (RFC 7022 §4.2).</summary>
    public static string Cname()
    {
        Span<byte> bytes = stackalloc byte[12];
        RandomNumberGenerator.Fill(bytes);
        return Convert.ToBase64String(bytes);
    }
}
