// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>Ports for programs that cannot be told "any free one" and then say which.</summary>
internal static class FreePort
{
    private const int Attempts = 50;

    /// <summary>A port that is free for UDP and TCP on each of <paramref name="addresses"/> at this moment.</summary>
    public static int On(params ReadOnlySpan<IPAddress> addresses)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            using var probe = new Socket(addresses[0].AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            probe.Bind(new IPEndPoint(addresses[0], 0));
            var port = ((IPEndPoint)probe.LocalEndPoint!).Port;
            probe.Close();
            if (IsFree(addresses, port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"no port is free on {string.Join(" and ", addresses.ToArray().AsEnumerable())}");
    }

    private static bool IsFree(ReadOnlySpan<IPAddress> addresses, int port)
    {
        foreach (var address in addresses)
        {
            if (!CanBind(address, port, SocketType.Dgram, ProtocolType.Udp) || !CanBind(address, port, SocketType.Stream, ProtocolType.Tcp))
            {
                return false;
            }
        }

        return true;
    }

    private static bool CanBind(IPAddress address, int port, SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(address.AddressFamily, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
