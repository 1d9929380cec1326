// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>The option tags of Require and Proxy-Require (RFC 3261 §8.2.2.3, §16.3 item 5).</summary>
internal static class OptionTags
{
    /// <summary>Those that a request demands and that are not among the known ones, as Unsupported lists them; null when there is none.</summary>
    public static string? Unknown(SipRequest request, HeaderName header, IReadOnlyList<string> known) =>
        request.Has(header) ? UnknownAmong(request, header, known) : null;

    // By itself: what the lambda holds on to is made at the very beginning.
    private static string? UnknownAmong(SipRequest request, HeaderName header, IReadOnlyList<string> known)
    {
        string unknown = string.Join(", ", request.Values(header).Where(tag => tag.Length > 0 && !known.Contains(tag, StringComparer.OrdinalIgnoreCase)));
        return unknown.Length == 0 ? null : unknown;
    }
}
