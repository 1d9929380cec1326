// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>What the phone listens on.</summary>
/// <param name="Listeners">One for each version that it may use.</param>
public sealed record StartResult(IReadOnlyList<ListenerState> Listeners)
{
    /// <summary>Whether it listens on at least one version.</summary>
    public bool IsUsable => Listeners.Any(l => l.Error is null);
}

/// <summary>One listener of the phone.</summary>
/// <param name="Version">Its IP version.</param>
/// <param name="Transport">UDP or TCP.</param>
/// <param name="Local">Where it listens; null if it does not.</param>
/// <param name="Error">Why it does not; null if it does.</param>
public sealed record ListenerState(IpVersion Version, SipTransport Transport, IPEndPoint? Local, string? Error);
