// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Isthmus.Sip.Stack;

/// <summary>Names as DNS takes them: without regard to case, and to the point at the end.</summary>
internal static class DnsNames
{
    private const int LongestLabel = 63;
    private const int LongestName = 253;

    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>The name in lower case without the point at its end; the root is empty.</summary>
    public static string Plain(string name) => (name.EndsWith('.') ? name[..^1] : name).ToLowerInvariant();

    public static bool AreEqual(string left, string right) =>
        left.AsSpan().TrimEnd('.').Equals(right.AsSpan().TrimEnd('.'), StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a plain name may be asked for at all (RFC 1035 §2.3.4).</summary>
    public static bool IsAskable(string plain)
    {
        if (plain.Length is 0 or > LongestName)
        {
            return false;
        }
        foreach (var label in plain.AsSpan().Split('.'))
        {
            var text = plain.AsSpan()[label];
            if (text.Length is 0 or > LongestLabel || text.ContainsAnyExcept(Letters))
            {
                return false;
            }
        }
        return true;
    }
}
