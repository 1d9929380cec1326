// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>A listening TCP socket of the operating system and the task that accepts from it.</summary>
internal sealed class SystemStreamListener : IStreamListener
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly IStreamAcceptor _acceptor;
    private readonly SystemNetworkOptions _options;
    private readonly TimeProvider _time;
    private volatile bool _closed;

    /// <param name="socket">Bound and listening; owned from now on.</param>
    /// <param name="acceptor">Takes the connections.</param>
    /// <param name="options">For the connections.</param>
    /// <param name="time">The clock.</param>
    public SystemStreamListener(Socket socket, IStreamAcceptor acceptor, SystemNetworkOptions options, TimeProvider time)
    {
        _socket = socket;
        _acceptor = acceptor;
        _options = options;
        _time = time;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        _ = Task.Run(AcceptAsync);
    }

    public IPEndPoint LocalEndPoint { get; }

    public void Dispose()
    {
        _closed = true;
        _socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_closed)
        {
            try
            {
                Take(await _socket.AcceptAsync().ConfigureAwait(false));
            }
            catch (SocketException) when (!_closed)
            {
                // One connection was gone before it was taken, or this process has no file descriptor left: that passes, spinning does not help.
                await Task.Delay(Pause, _time).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Take(Socket socket)
    {
        SystemStreamConnection connection;
        try
        {
            socket.NoDelay = true;
            connection = SystemStreamConnection.Accepted(socket, _options, _time);
        }
        catch (SocketException)
        {
            socket.Dispose(); // reset before anything was said
            return;
        }
        if (Accepted(connection) is { } receiver)
        {
            connection.Start(receiver);
        }
        else
        {
            connection.Abort();
        }
    }

    private IStreamReceiver? Accepted(SystemStreamConnection connection)
    {
        try
        {
            return _acceptor.Accepted(connection);
        }
#pragma warning disable CA1031 // An error in the program; the next connection is another one's.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Faults.Tell(_acceptor.Faulted, fault);
            return null;
        }
    }
}
