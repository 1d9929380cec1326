// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Peers;

/// <summary>What came of looking for the servers of another domain: a list, or why there is none.</summary>
/// <param name="Servers">The servers; null when none was found.</param>
/// <param name="Failure">Why not; null when some were.</param>
/// <param name="Peer">The entry of the peer table that was followed; null when there is none for the domain.</param>
/// <param name="Versions">The IP versions of which there are servers, usable or not.</param>
internal sealed record ServerFinding(ServerList? Servers, LocateFailure? Failure, Peer? Peer, IpVersions Versions);
