// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>One branch of a forwarded request.</summary>
/// <param name="DeviceId">The device, <see cref="DeviceFacts.Id"/>.</param>
/// <param name="BindingIndex">The binding, <see cref="BindingFacts.Index"/>.</param>
/// <param name="Version">The version it leaves on; where it is not the arrival's, the IP header changes, the body never.</param>
/// <param name="Reason">Why to this device.</param>
public readonly record struct ForwardRoute(string DeviceId, int BindingIndex, IpVersion Version, VerdictReason Reason);
