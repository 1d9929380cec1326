// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>Finds the version that a warning's text asks for: ours, and what others may write.</summary>
internal static class WarningText
{
    private const int MaxWords = 64;

    private static readonly FrozenSet<string> Asking =
        FrozenSet.Create(
            StringComparer.OrdinalIgnoreCase, "use", "using", "try", "only", "need", "needs", "require", "requires", "want", "wants", "expect", "expects",
            "expected", "prefer", "prefers", "support", "supports", "accept", "accepts");

    private static readonly FrozenSet<string> Asked =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "only", "required", "expected", "needed", "wanted");

    private static readonly FrozenSet<string> Negating =
        FrozenSet.Create(
            StringComparer.OrdinalIgnoreCase, "incompatible", "unsupported", "unacceptable", "unavailable", "not", "no", "cannot", "wrong", "unknown");

    /// <summary>
    /// <c>use IP4</c> and <c>IPv6 only</c> name what is wanted; <c>Incompatible network address type 'IP6'</c>, in the manner of RFC 3261 §20.43, names what is
    /// not. Null when no version is named, or both without saying which.
    /// </summary>
    public static IpVersion? Wanted(string text)
    {
        var words = Words(text);
        var (named, negated, asking) = (IpVersions.None, false, false);
        for (var at = 0; at < words.Count; at++)
        {
            negated |= Negating.Contains(words[at]);
            if (VersionAt(words, at, out var length) is not { } version)
            {
                asking = Asking.Contains(words[at]) && !(at > 0 && Negating.Contains(words[at - 1]));
                continue;
            }

            if (asking || (at + length < words.Count && Asked.Contains(words[at + length])))
            {
                return version;
            }

            named |= version.AsSet;
            at += length - 1;
        }

        return negated ? named.Single?.Other : named.Single;
    }

    // IP4, IPv4, IP 4, IP-v4, IP version 4.
    private static IpVersion? VersionAt(List<string> words, int at, out int length)
    {
        var word = words[at].ToUpperInvariant();
        length = 1;
        if (word is "IP" && at + 1 < words.Count)
        {
            length = words[at + 1].Equals("version", StringComparison.OrdinalIgnoreCase) && at + 2 < words.Count ? 3 : 2;
            word += words[at + length - 1].ToUpperInvariant();
        }

        return word switch { "IP4" or "IPV4" => IpVersion.V4, "IP6" or "IPV6" => IpVersion.V6, _ => null };
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var start = -1;
        for (var at = 0; at <= text.Length && words.Count < MaxWords; at++)
        {
            var inWord = at < text.Length && char.IsAsciiLetterOrDigit(text[at]);
            if (inWord && start < 0)
            {
                start = at;
            }
            else if (!inWord && start >= 0)
            {
                words.Add(text[start..at]);
                start = -1;
            }
        }

        return words;
    }
}
