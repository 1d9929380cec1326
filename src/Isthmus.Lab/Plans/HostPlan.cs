// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>A host of a network plan: its segment and its addresses. It has no others, not even on its loopback interface.</summary>
internal sealed record HostPlan(string Name, Segment Segment, HardwareAddress Mac, IPAddress? V4, IPAddress? V6)
{
    public IpVersions Has => (V4 is null ? IpVersions.None : IpVersions.V4) | (V6 is null ? IpVersions.None : IpVersions.V6);

    public IEnumerable<IPAddress> Addresses => new[] { V6, V4 }.OfType<IPAddress>();

    public IPAddress? AddressOf(IpVersion version) => version == IpVersion.V4 ? V4 : V6;
}
