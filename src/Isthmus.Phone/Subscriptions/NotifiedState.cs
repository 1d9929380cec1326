// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>The Subscription-State of a NOTIFY (RFC 6665 §8.2.3).</summary>
/// <param name="Value">In lower case: active, pending, terminated, or one that others made up.</param>
internal sealed record NotifiedState(string Value)
{
    private const int LongestSeconds = 366 * 24 * 3600;

    public string? Reason { get; private init; }

    public TimeSpan? Expires { get; private init; }

    public TimeSpan? RetryAfter { get; private init; }

    public bool IsTerminated => Value == "terminated";

    public bool IsPending => Value == "pending";

    /// <summary>What a NOTIFY says; null if it does not say it.</summary>
    public static NotifiedState? Of(SipRequest notify)
    {
        if (notify.Text(HeaderName.SubscriptionState) is not { } text)
        {
            return null;
        }

        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        var parameters = parts.Skip(1).Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries)).Where(pair => pair.Length == 2)
            .ToLookup(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return parts[0].Length == 0 ? null : new(parts[0].ToLowerInvariant())
        {
            Reason = parameters["reason"].FirstOrDefault()?.ToLowerInvariant(),
            Expires = Seconds(parameters["expires"].FirstOrDefault()),
            RetryAfter = Seconds(parameters["retry-after"].FirstOrDefault()),
        };
    }

    private static TimeSpan? Seconds(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Min(seconds, LongestSeconds)) : null;
}
