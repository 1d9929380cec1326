// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>A server of a domain before its addresses are known.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">Its port; null: the transport's own.</param>
/// <param name="Group">The rank of its priority.</param>
/// <param name="TimeToLive">How long this is good.</param>
internal sealed record LocateServer(string Host, int? Port, int Group, TimeSpan TimeToLive);
