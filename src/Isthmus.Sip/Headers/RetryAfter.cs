// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Isthmus.Sip;

/// <summary>The Retry-After header (RFC 3261 §20.33).</summary>
public static class RetryAfter
{
    private const int LongestSeconds = 24 * 60 * 60;

    /// <summary>How long the answer asks to wait, at most a day; null if it does not say.</summary>
    public static TimeSpan? Of(SipResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var text = response.Text(HeaderName.RetryAfter);
        if (text is null)
        {
            return null;
        }

        var end = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? text : text.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, LongestSeconds))
            : null;
    }
}
