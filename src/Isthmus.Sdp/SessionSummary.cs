// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Sdp;

/// <summary>What a server must know of a session description, without the description.</summary>
/// <param name="Versions">As <see cref="SessionVersions.Of(SessionDescription, SessionReaders)"/> without readers; null: unknown.</param>
/// <param name="UsesIce">As <see cref="SessionDescription.UsesIce"/>.</param>
public readonly record struct SessionSummary(IpVersions? Versions, bool UsesIce)
{
    /// <summary>
    /// Reads a body of the usual kind, and makes nothing. What it says is what the description would say.
    /// </summary>
    /// <returns>False: the body is broken or unusual; whether and how it reads only <see cref="SessionDescription.TryParse"/> knows.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out SessionSummary summary) => new SessionScan().TryRead(body, out summary);

    /// <summary>The summary of a description.</summary>
    public static SessionSummary Of(SessionDescription session) => new(SessionVersions.Of(session), session.UsesIce);
}
