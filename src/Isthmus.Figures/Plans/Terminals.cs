// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.Figures;

/// <summary>The terminals of the figures: T5 and T8 have both versions, T6 has IPv4 only, T7 has IPv6 only.</summary>
internal static class Terminals
{
    public static Terminal T5 { get; } = new("T5", IpVersions.Both, RegistrationMode.Both) { Prefer = IpVersion.V6 };

    public static Terminal T5Once { get; } = T5 with { Mode = RegistrationMode.OneRequest, RequestVersion = IpVersion.V6 };

    public static Terminal T5OnV6 { get; } = T5 with { Mode = RegistrationMode.Ipv6 };

    public static Terminal T5First4 { get; } = T5 with { Prefer = IpVersion.V4 };

    public static Terminal T5OnV4 { get; } = T5First4 with { Mode = RegistrationMode.Ipv4 };

    public static Terminal T6 { get; } = new("T6", IpVersions.V4, RegistrationMode.Ipv4);

    public static Terminal T7 { get; } = new("T7", IpVersions.V6, RegistrationMode.Ipv6);

    public static Terminal T8 { get; } = new("T8", IpVersions.Both, RegistrationMode.Both) { Prefer = IpVersion.V6 };

    public static Terminal T8OnV4 { get; } = T8 with { Mode = RegistrationMode.Ipv4 };
}
