// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>
/// A UDP socket wherever .NET runs: the address a datagram came to is known, the source of an answer is left to the routing table,
/// and ICMP errors are not heard.
/// </summary>
internal sealed class PortableDatagramSocket : IDatagramSocket
{
    private static readonly TimeSpan JoinTime = TimeSpan.FromSeconds(5);

    private readonly Socket _socket;
    private readonly IDatagramReceiver _receiver;
    private readonly Thread _thread;
    private volatile bool _closed;

    /// <param name="socket">Bound already; owned from now on.</param>
    /// <param name="receiver">Hears the datagrams.</param>
    public PortableDatagramSocket(Socket socket, IDatagramReceiver receiver)
    {
        _socket = socket;
        _receiver = receiver;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        _thread = new Thread(Receive) { IsBackground = true, Name = $"udp {LocalEndPoint}" };
        _thread.Start();
    }

    public IPEndPoint LocalEndPoint { get; }

    public static void Prepare(Socket socket) =>
        socket.SetSocketOption(socket.AddressFamily == AddressFamily.InterNetwork ? SocketOptionLevel.IP : SocketOptionLevel.IPv6, SocketOptionName.PacketInformation, true);

    public SocketError? Send(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress? fromLocal)
    {
        try
        {
            _socket.SendTo(payload, SocketFlags.None, remote);
            return null;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode;
        }
        catch (ObjectDisposedException)
        {
            return SocketError.NotSocket; // closed by another thread meanwhile
        }
    }

    public void Dispose()
    {
        if (_closed)
        {
            return;
        }
        _closed = true;
        _socket.Dispose(); // ends the receive that the thread sits in
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join(JoinTime);
        }
    }

    private void Receive()
    {
        var payload = new byte[65536];
        EndPoint from = new IPEndPoint(LocalEndPoint.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_closed)
        {
            try
            {
                var flags = SocketFlags.None;
                var remote = from;
                var length = _socket.ReceiveMessageFrom(payload, ref flags, ref remote, out var information);
                if (!_closed)
                {
                    Deliver(payload.AsSpan(0, length), (IPEndPoint)remote, information.Address ?? LocalEndPoint.Address);
                }
            }
            catch (SocketException)
            {
                // Closed, or an ICMP error that Windows reports without saying whom it is about.
            }
            catch (ObjectDisposedException)
            {
                // Closed by another thread meanwhile.
            }
        }
    }

    private void Deliver(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress local)
    {
        try
        {
            _receiver.Received(payload, remote, local);
        }
#pragma warning disable CA1031 // An error in the program; the next datagram is another one's.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Faults.Tell(_receiver.Faulted, fault);
        }
    }
}
