// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Steady;

/// <summary>
/// A network that costs nothing: what is delivered is worked on the caller's thread, what is sent lies in a ring until it is taken. So
/// the server is measured, and no kernel.
/// </summary>
internal sealed class DirectNetwork : INetwork
{
    private const int Slots = 64;
    private const int LargestDatagram = 4096;

    private readonly Dictionary<IPEndPoint, DirectSocket> _sockets = [];
    private readonly byte[][] _sent = [.. Enumerable.Range(0, Slots).Select(_ => new byte[LargestDatagram])];
    private readonly int[] _lengths = new int[Slots];
    private long _written;
    private long _taken;

    /// <summary>How many datagrams were sent and not taken yet.</summary>
    public int Waiting => (int)(_written - _taken);

    /// <summary>Brings a datagram to the socket at <paramref name="local"/>; returns when the server is done with it.</summary>
    public void Deliver(ReadOnlySpan<byte> datagram, IPEndPoint remote, IPEndPoint local) => _sockets[local].Receiver.Received(datagram, remote, local.Address);

    /// <summary>The oldest datagram that was sent; its bytes stay until 63 more were sent.</summary>
    /// <exception cref="InvalidOperationException">Nothing was sent.</exception>
    public ReadOnlySpan<byte> Take()
    {
        if (Waiting == 0)
        {
            throw new InvalidOperationException("The server sent nothing where it should have.");
        }

        int slot = (int)(_taken++ % Slots);
        return _sent[slot].AsSpan(0, _lengths[slot]);
    }

    public IDatagramSocket BindDatagram(IPEndPoint local, IDatagramReceiver receiver, int shards = 1) => _sockets[local] = new DirectSocket(this, local, receiver);

    public IStreamListener ListenStream(IPEndPoint local, IStreamAcceptor acceptor) => throw new SocketException((int)SocketError.OperationNotSupported);

    public IStreamConnection ConnectStream(IPAddress? localAddress, IPEndPoint remote, IStreamReceiver receiver) =>
        throw new SocketException((int)SocketError.OperationNotSupported);

    public bool Supports(IpVersion version) => true;

    public IPAddress? LocalAddressTowards(IPAddress remote) => remote.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;

    private void Keep(ReadOnlySpan<byte> payload)
    {
        if (Waiting == Slots)
        {
            throw new InvalidOperationException("The server sent more than anybody asked for.");
        }

        int slot = (int)(_written++ % Slots);
        payload.CopyTo(_sent[slot]);
        _lengths[slot] = payload.Length;
    }

    private sealed class DirectSocket(DirectNetwork network, IPEndPoint local, IDatagramReceiver receiver) : IDatagramSocket
    {
        public IPEndPoint LocalEndPoint => local;

        public IDatagramReceiver Receiver => receiver;

        public SocketError? Send(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress? fromLocal)
        {
            network.Keep(payload);
            return null;
        }

        public void Dispose() => network._sockets.Remove(local);
    }
}
