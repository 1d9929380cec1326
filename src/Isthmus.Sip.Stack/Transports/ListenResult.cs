// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>What came of opening the listeners.</summary>
/// <param name="Listeners">Those that serve.</param>
/// <param name="Faults">Those that do not, with the reason.</param>
public sealed record ListenResult(IReadOnlyList<Listener> Listeners, IReadOnlyList<ListenFault> Faults);

/// <summary>A listener that could not be opened.</summary>
/// <param name="Options">Which one.</param>
/// <param name="Error">The socket error; null when the host does not have the IP version.</param>
/// <param name="Text">One line for people, such as <c>udp [::]:5060: address already in use</c>.</param>
public sealed record ListenFault(ListenerOptions Options, SocketError? Error, string Text)
{
    internal static ListenFault Of(ListenerOptions options, SocketError? error)
    {
        var version = options.Address.Version;
        var reason = error switch
        {
            null or SocketError.AddressFamilyNotSupported => $"this host has no {version.DisplayName}",
            SocketError.AddressAlreadyInUse => "address already in use",
            SocketError.AddressNotAvailable => $"{options.Address} is not an address of this host",
            SocketError.AccessDenied => options.Port is > 0 and < 1024 ? "not permitted (ports below 1024 need a privilege)" : "not permitted",
            SocketError.OperationNotSupported => "this transport is not served",
            var other => new SocketException((int)other).Message,
        };
        return new ListenFault(options, error, $"{options.Transport.UriToken} {new IPEndPoint(options.Address, options.Port)}: {reason}");
    }
}
