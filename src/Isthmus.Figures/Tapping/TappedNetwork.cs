// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Figures;

/// <summary>A network that notes what goes out through it and is otherwise the network inside.</summary>
internal sealed class TappedNetwork(TappedNodes nodes, string node, INetwork inner) : INetwork
{
    public IDatagramSocket BindDatagram(IPEndPoint local, IDatagramReceiver receiver, int shards = 1)
    {
        IDatagramSocket socket = inner.BindDatagram(local, receiver, shards);
        nodes.Own(node, isStream: false, socket.LocalEndPoint);
        return new TappedSocket(nodes, node, socket);
    }

    public IStreamListener ListenStream(IPEndPoint local, IStreamAcceptor acceptor)
    {
        IStreamListener listener = inner.ListenStream(local, new TappedAcceptor(nodes, node, acceptor));
        nodes.Own(node, isStream: true, listener.LocalEndPoint);
        return listener;
    }

    public IStreamConnection ConnectStream(IPAddress? localAddress, IPEndPoint remote, IStreamReceiver receiver)
    {
        var tapped = new TappedReceiver(nodes, node, receiver);
        IStreamConnection connection = inner.ConnectStream(localAddress, remote, tapped);
        tapped.Connection = connection;
        return new TappedConnection(nodes, node, connection);
    }

    public SendBatch Gather() => inner.Gather();

    public bool Supports(IpVersion version) => inner.Supports(version);

    public IPAddress? LocalAddressTowards(IPAddress remote) => inner.LocalAddressTowards(remote);

    private sealed class TappedSocket(TappedNodes nodes, string node, IDatagramSocket inner) : IDatagramSocket
    {
        public IPEndPoint LocalEndPoint => inner.LocalEndPoint;

        public SocketError? Send(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress? fromLocal)
        {
            nodes.Sent(node, isStream: false, remote, payload);
            return inner.Send(payload, remote, fromLocal);
        }

        public void Dispose() => inner.Dispose();
    }

    private sealed class TappedAcceptor(TappedNodes nodes, string node, IStreamAcceptor inner) : IStreamAcceptor
    {
        public IStreamReceiver? Accepted(IStreamConnection connection) => inner.Accepted(new TappedConnection(nodes, node, connection));

        public void Faulted(Exception fault) => inner.Faulted(fault);
    }

    /// <summary>Learns the port that the connecting side got, so that what the other side sends there finds its name.</summary>
    private sealed class TappedReceiver(TappedNodes nodes, string node, IStreamReceiver inner) : IStreamReceiver
    {
        public IStreamConnection? Connection { get; set; }

        public void Connected()
        {
            if (Connection is { } connection)
            {
                nodes.Own(node, isStream: true, connection.LocalEndPoint);
            }

            inner.Connected();
        }

        public void Received(ReadOnlySpan<byte> bytes) => inner.Received(bytes);

        public void Ended() => inner.Ended();

        public void Closed(SocketError? reason) => inner.Closed(reason);

        public void Faulted(Exception fault) => inner.Faulted(fault);
    }

    private sealed class TappedConnection(TappedNodes nodes, string node, IStreamConnection inner) : IStreamConnection
    {
        public IPEndPoint LocalEndPoint => inner.LocalEndPoint;

        public IPEndPoint RemoteEndPoint => inner.RemoteEndPoint;

        public bool Send(ReadOnlySpan<byte> bytes)
        {
            nodes.Own(node, isStream: true, LocalEndPoint);
            nodes.Sent(node, isStream: true, RemoteEndPoint, bytes);
            return inner.Send(bytes);
        }

        public void Close() => inner.Close();

        public void Abort() => inner.Abort();

        public void Dispose() => inner.Dispose();
    }
}
