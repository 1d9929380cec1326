// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>What an answer to our offer is good for.</summary>
/// <param name="Fault">Why it cannot be used; null if it can.</param>
/// <param name="OtherVersion">The version that it is of, where that is not the one that was offered.</param>
internal sealed record MediaAnswer(string? Fault, IpVersion? OtherVersion = null)
{
    public static MediaAnswer Usable { get; } = new((string?)null);

    public bool IsUsable => Fault is null;
}
