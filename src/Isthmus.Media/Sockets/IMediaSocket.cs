// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Media;

/// <summary>One datagram socket of a call's media, bound to one local address of one IP version.</summary>
public interface IMediaSocket : IDisposable
{
    /// <summary>Where the socket is bound; never an IPv4 address written as IPv6.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>
    /// Sends one datagram without waiting. It never throws: what goes wrong is told to
    /// <see cref="IMediaReceiver.Unreachable"/>, and after <see cref="IDisposable.Dispose"/> it does nothing.
    /// </summary>
    void Send(ReadOnlySpan<byte> payload, IPEndPoint remote);
}
