// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Phone;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.App.Phone;

/// <summary>The servers that a host stands for: itself, or every address of its name, IPv6 and IPv4.</summary>
internal static class NamedServers
{
    private const int DefaultPort = 5060;

    public static async Task<IReadOnlyList<ServerAddress>> FindAsync(HostPort server, CancellationToken cancellation)
    {
        int port = server.Port ?? DefaultPort;
        if (server.Host.AddressHere is { } address)
        {
            return [new ServerAddress(new IPEndPoint(address, port))];
        }

        // The name localhost stands for both loopback addresses, also where the hosts file lists one of them only (RFC 6761 §6.3).
        if (server.Host.ToString().Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return [new ServerAddress(new IPEndPoint(IPAddress.IPv6Loopback, port)), new ServerAddress(new IPEndPoint(IPAddress.Loopback, port))];
        }

        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(server.Host.ToString(), cancellation);
            return [.. addresses.Select(found => new ServerAddress(new IPEndPoint(found.Unmapped, port)))];
        }
        catch (SocketException)
        {
            return []; // the registration then says that there is no server
        }
    }
}
