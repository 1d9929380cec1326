// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Isthmus.Media;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>Opens the sockets of calls on the phone's network, and knows how many are open.</summary>
internal sealed class MediaSockets(INetwork network) : IMediaSockets
{
    private const int AnyPortTries = 32;

    private int _open;
    private int _next = -1;

    /// <summary>Sockets that are open now; two for each call with media.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <inheritdoc/>
    public bool TryOpenPair(IPAddress local, PortRange range, IMediaReceiver rtp, IMediaReceiver rtcp, [NotNullWhen(true)] out MediaSocketPair? pair)
    {
        // Each call starts behind the last one's ports, so that late packets of an ended call do not reach the next.
        var tries = range.IsAny ? AnyPortTries : range.PairCount;
        for (var i = 0; i < tries; i++)
        {
            var port = range.IsAny ? 0 : range.RtpPort((Interlocked.Increment(ref _next) & int.MaxValue) % range.PairCount);
            if (TryBind(local, port, rtp) is not { } first)
            {
                continue;
            }

            if ((first.LocalEndPoint.Port & 1) == 0 && TryBind(local, first.LocalEndPoint.Port + 1, rtcp) is { } second)
            {
                pair = new MediaSocketPair(first, second);
                return true;
            }

            first.Dispose();
        }

        pair = null;
        return false;
    }

    private Socket? TryBind(IPAddress local, int port, IMediaReceiver receiver)
    {
        try
        {
            return new Socket(this, network.BindDatagram(new IPEndPoint(local, port), new Adapter(receiver)));
        }
        catch (SocketException)
        {
            // Taken, or not an address of this host: the next port, or none.
            return null;
        }
    }

    private sealed class Adapter(IMediaReceiver receiver) : IDatagramReceiver
    {
        public void Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress) => receiver.Received(payload, remote);

        public void Unreachable(IPEndPoint remote, SocketError error) => receiver.Unreachable(remote, error);
    }

    private sealed class Socket : IMediaSocket
    {
        private readonly MediaSockets _owner;
        private readonly IDatagramSocket _socket;
        private int _closed;

        public Socket(MediaSockets owner, IDatagramSocket socket)
        {
            (_owner, _socket) = (owner, socket);
            Interlocked.Increment(ref owner._open);
        }

        public IPEndPoint LocalEndPoint => _socket.LocalEndPoint;

        public void Send(ReadOnlySpan<byte> payload, IPEndPoint remote)
        {
            if (Volatile.Read(ref _closed) == 0)
            {
                _socket.Send(payload, remote, null);
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _closed, 1) == 0)
            {
                _socket.Dispose();
                Interlocked.Decrement(ref _owner._open);
            }
        }
    }
}
