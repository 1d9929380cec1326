// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>One way to reach a device.</summary>
/// <param name="Version">The IP version of its signalling.</param>
/// <param name="Index">Names the binding towards the one who asks; among equals the lower comes first.</param>
/// <param name="Q">The preference, 0 to 1; higher comes first.</param>
public readonly record struct BindingFacts(IpVersion Version, int Index, double Q = 1.0);
