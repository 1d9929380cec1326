// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>What one message does differently.</summary>
public sealed record MessageOptions
{
    /// <summary>Who sends it; null: the first account, or nobody where there is none.</summary>
    public Account? Account { get; init; }

    /// <summary>The IP version by which it leaves first; null: the phone's.</summary>
    public IpVersion? Version { get; init; }

    /// <summary>How long it is worth delivering (the Expires of RFC 3428 §4), in whole seconds; null: as long as the server keeps it.</summary>
    public TimeSpan? Expires { get; init; }
}
