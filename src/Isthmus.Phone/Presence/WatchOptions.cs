// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>What one watch does differently.</summary>
public sealed record WatchOptions
{
    /// <summary>Who watches; null: the first account, or nobody where there is none.</summary>
    public Account? Account { get; init; }

    /// <summary>The IP version by which it is asked first; null: the phone's.</summary>
    public IpVersion? Version { get; init; }

    /// <summary>The lifetime asked for, 1 min to 1 year; it is refreshed before its end. The notifier's answer counts.</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether the presence is asked for once, as it stands now, and not watched (RFC 6665 §4.4.3).</summary>
    public bool Once { get; init; }
}
