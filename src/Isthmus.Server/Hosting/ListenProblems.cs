// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Hosting;

/// <summary>Says in one line each what could not be listened on, and whether the server can do without it.</summary>
internal static class ListenProblems
{
    public static string Describe(ListenFault fault, INetwork network)
    {
        ListenerOptions options = fault.Options;
        string what = $"{options.Transport.UriToken} {new IPEndPoint(options.Address, options.Port)}";
        IpVersion version = options.Address.Version;
        return fault.Error switch
        {
            SocketError.AddressAlreadyInUse => $"{what}: the port is in use by another program",
            SocketError.AddressNotAvailable => $"{what}: this host does not have that address",
            SocketError.AccessDenied => $"{what}: not allowed; ports below 1024 need a privilege",
            _ when !network.Supports(version) => $"{what}: this host has no {version.DisplayName}",
            _ => $"{what}: {fault.Text}",
        };
    }

    /// <summary>A wildcard that cannot be had is left out, as long as something else listens; an address that was asked for by name is not.</summary>
    public static bool IsFatal(ListenResult result) => result.Listeners.Count == 0 || result.Faults.Any(fault => !IsWildcard(fault.Options.Address));

    private static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
