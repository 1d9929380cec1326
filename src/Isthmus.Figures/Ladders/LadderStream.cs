// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Figures;

/// <summary>Media from one node to another, drawn as one arrow.</summary>
/// <param name="From">The sender.</param>
/// <param name="To">The receiver.</param>
/// <param name="Version">The IP version it travels on.</param>
/// <param name="Label">What is said of it.</param>
public sealed record LadderStream(string From, string To, IpVersion Version, string Label);
