// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>Ports for programs that cannot be told "any free one" and then say which.</summary>
internal static class FreePort
{
    /// <summary>A port that is free for UDP and TCP on <paramref name="address"/> at this moment.</summary>
    public static int On(IPAddress address)
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            using var udp = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(address, 0));
            var port = ((IPEndPoint)udp.LocalEndPoint!).Port;
            using var tcp = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                tcp.Bind(new IPEndPoint(address, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken for TCP: try the next one.
            }
        }

        throw new InvalidOperationException($"no free port on {address}");
    }
}
