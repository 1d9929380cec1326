// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>An answer, how long it is still good, and where it came from.</summary>
internal readonly record struct CachedReply(DnsReply Reply, TimeSpan TimeToLive, DnsSource Source);
