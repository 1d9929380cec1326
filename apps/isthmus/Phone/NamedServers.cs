// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Phone;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.App.Phone;

/// <summary>The servers that a host stands for: itself, those that DNS names for it, else every address that this host knows of it (its hosts file, for example).</summary>
internal static class NamedServers
{
    private const int DefaultPort = 5060;

    public static async Task<IReadOnlyList<ServerAddress>> FindAsync(HostPort server, SipTransport ipv4, SipTransport ipv6, CancellationToken cancellation)
    {
        int port = server.Port ?? DefaultPort;
        if (server.Host.AddressHere is { } address)
        {
            return [new ServerAddress(new IPEndPoint(address, port))];
        }

        var search = new ServerSearch(SystemDns.Create(new DnsOptions(), TimeProvider.System), new SystemNetwork(), TimeProvider.System, ipv4, ipv6);
        if (await search.FindAsync(server, cancellation) is { Count: > 0 } servers)
        {
            return servers;
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
