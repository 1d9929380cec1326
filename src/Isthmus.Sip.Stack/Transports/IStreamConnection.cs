// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>A listening stream socket of one IP version. Disposing stops accepting; accepted connections live on.</summary>
public interface IStreamListener : IDisposable
{
    /// <summary>The bound address and port.</summary>
    IPEndPoint LocalEndPoint { get; }
}

/// <summary>Takes the connections of a listener.</summary>
public interface IStreamAcceptor
{
    /// <summary>A connection came in; answers who hears it, or null to close it at once.</summary>
    IStreamReceiver? Accepted(IStreamConnection connection);

    /// <summary>A call to this acceptor threw, or the network's own work for it: an error in the program. The connection is reset, the listener goes on. By default nobody hears.</summary>
    void Faulted(Exception fault)
    {
    }
}

/// <summary>A stream connection, incoming or outgoing. Disposing is <see cref="Close"/>.</summary>
public interface IStreamConnection : IDisposable
{
    /// <summary>The local endpoint; while connecting, its port (and without a chosen source its address) is not known yet and 0.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>The peer.</summary>
    IPEndPoint RemoteEndPoint { get; }

    /// <summary>
    /// Queues bytes in order and returns without waiting; while connecting they wait for the connection.
    /// False: the connection is closed, or its bounded send queue is full, which closes it (a peer that does not read).
    /// </summary>
    bool Send(ReadOnlySpan<byte> bytes);

    /// <summary>Sends what is queued, for a bounded time, then closes. <see cref="IStreamReceiver.Closed"/> follows.</summary>
    void Close();

    /// <summary>Closes at once; what is queued is lost and the peer sees a reset.</summary>
    void Abort();
}

/// <summary>
/// Hears one connection: calls come one at a time and in order. <see cref="Closed"/> is called exactly once, last, whoever closed,
/// and never from inside a call to the connection.
/// </summary>
public interface IStreamReceiver
{
    /// <summary>An outgoing connection is there. Not called for accepted connections.</summary>
    void Connected();

    /// <summary>Some bytes; the span is reused once the call returns.</summary>
    void Received(ReadOnlySpan<byte> bytes);

    /// <summary>The peer will send nothing more (half-close); sending is still possible.</summary>
    void Ended();

    /// <summary>The connection is gone.</summary>
    /// <param name="reason">Null for an orderly end; else what went wrong.</param>
    void Closed(SocketError? reason);

    /// <summary>A call to this receiver threw, or the network's own work for it: an error in the program. The connection is reset. By default nobody hears.</summary>
    void Faulted(Exception fault)
    {
    }
}
