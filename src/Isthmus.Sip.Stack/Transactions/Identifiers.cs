// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace Isthmus.Sip.Stack;

/// <summary>Identifiers that nobody can guess (RFC 3261 §8.1.1.4, §8.1.1.7 and §19.3).</summary>
public static class Identifiers
{
    /// <summary>A branch with the magic cookie and 80 random bits.</summary>
    /// <param name="suffix">A second part after a point, for example a loop detection value (RFC 5393 §4.2.1); a token.</param>
    public static string NewBranch(string? suffix = null)
    {
        var unique = RandomNumberGenerator.GetHexString(20, lowercase: true);
        return suffix is null ? string.Concat(Via.MagicCookie, unique) : string.Concat(Via.MagicCookie, unique, ".", suffix);
    }

    /// <summary>A tag of 64 random bits.</summary>
    public static string NewTag() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>A Call-ID of 128 random bits, without a host.</summary>
    public static string NewCallId() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
