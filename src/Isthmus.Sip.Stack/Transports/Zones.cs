// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.NetworkInformation;

namespace Isthmus.Sip.Stack;

/// <summary>The zones of link-local addresses (RFC 4007 §11), which are names of interfaces of this machine.</summary>
public static class Zones
{
    extension(Host host)
    {
        /// <summary>The address with its zone found on this machine: for what its user wrote, never for what came from the network. Null for a name, or without such an interface.</summary>
        public IPAddress? AddressHere => host.Zone is not { } zone ? host.Address
            : IndexOf(zone) is { } index ? new IPAddress(host.Address!.GetAddressBytes(), index)
            : null;
    }

    private static int? IndexOf(string zone)
    {
        foreach (NetworkInterface candidate in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (candidate.Name == zone && candidate.Supports(NetworkInterfaceComponent.IPv6))
            {
                return candidate.GetIPProperties().GetIPv6Properties().Index;
            }
        }

        return null;
    }
}
