// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Figures;

internal static class LoopbackOnly
{
    /// <summary>Skips on a host whose loopback interface has no ::1.</summary>
    public static void SkipWithoutIpv6() => Assert.SkipUnless(new SystemNetwork().Supports(IpVersion.V6), $"this host has no {IPAddress.IPv6Loopback}");
}
