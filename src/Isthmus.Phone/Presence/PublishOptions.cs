// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>What one publication does differently.</summary>
public sealed record PublishOptions
{
    /// <summary>Whose presence it is; null: the first account's.</summary>
    public Account? Account { get; init; }

    /// <summary>The IP version by which it goes first; null: the phone's.</summary>
    public IpVersion? Version { get; init; }

    /// <summary>The lifetime asked for, 1 min to 1 year; it is refreshed before its end. The server's answer counts.</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The entity tag of an earlier publication that this one takes the place of; null: it is a new one.</summary>
    public string? EntityTag { get; init; }
}
