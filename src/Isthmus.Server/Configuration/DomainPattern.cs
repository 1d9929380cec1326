// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Configuration;

/// <summary>The domains that an entry of the peer table is for: one, all below one (<c>*.example.com</c>), or every one (<c>*</c>).</summary>
internal static class DomainPattern
{
    /// <summary>The pattern for every domain.</summary>
    public const string Any = "*";

    private const string Below = "*.";

    /// <summary>The pattern in lower case and without the point at its end; null for what is none. An address is no domain.</summary>
    public static string? Read(string text)
    {
        bool isBelow = text.StartsWith(Below, StringComparison.Ordinal);
        string name = isBelow ? text[Below.Length..] : text;
        return text == Any ? Any
            : Host.TryParse(name, out Host host) && host.IsName ? (isBelow ? Below : "") + Plain(name)
            : null;
    }

    /// <summary>A name as patterns are compared.</summary>
    public static string Plain(string name) => name.TrimEnd('.').ToLowerInvariant();

    /// <summary>Whether it stands for more than one domain.</summary>
    public static bool IsWide(string pattern) => pattern.StartsWith(Any, StringComparison.Ordinal);

    /// <summary>What the plain name of a domain has to end with; null where it has to be the pattern itself.</summary>
    public static string? EndOf(string pattern) => IsWide(pattern) ? pattern[Any.Length..] : null;
}
