// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip;

namespace Isthmus.Server;

/// <summary>Hosts as people write them: an IPv6 address with or without brackets.</summary>
internal static class Written
{
    public static bool TryParse(string text, out Host host)
    {
        if (!text.StartsWith('[') && IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            host = Host.From(address);
            return true;
        }

        return Host.TryParse(text, out host);
    }
}
