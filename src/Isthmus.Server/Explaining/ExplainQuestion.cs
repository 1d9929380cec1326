// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server;

/// <summary>A call that somebody thinks of: what would the server do with it?</summary>
/// <param name="Uri">Whom it is for: a SIP or sips URI.</param>
/// <param name="From">Who calls; null: somebody of whom nothing is known.</param>
/// <param name="Offer">The versions of its offer; <see cref="IpVersions.Both"/>: one with ICE candidates of both. Null: that of the version it comes by.</param>
public sealed record ExplainQuestion(string Uri, string? From = null, IpVersions? Offer = null);
