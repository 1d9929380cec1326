// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>A Route that was written by this server.</summary>
/// <param name="Mark">Its mark.</param>
/// <param name="IsOfPair">Whether it is one of two (RFC 5658 §5).</param>
/// <param name="Version">The IP version of the address that it names; null where it names a host.</param>
internal readonly record struct OwnRoute(ulong Mark, bool IsOfPair, IpVersion? Version);
