// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>What one outgoing call does differently from the phone's options.</summary>
public sealed record DialOptions
{
    /// <summary>The account to call from; null: the first one, or none if the phone has none.</summary>
    public Account? Account { get; init; }

    /// <summary>The version to try first; null: <see cref="PhoneOptions.Prefer"/>.</summary>
    public IpVersion? Version { get; init; }

    /// <summary>The sound of this call; null: <see cref="PhoneOptions.Audio"/> is asked. It stays the caller's: the phone does not dispose it.</summary>
    public CallAudio? Audio { get; init; }
}
