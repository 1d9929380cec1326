// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using static Isthmus.Sip.Stack.LinuxStreamCalls;
using static Isthmus.Sip.Stack.PollCalls;

namespace Isthmus.Sip.Stack;

/// <summary>A listening TCP socket of Linux. One loop's thread accepts, and deals the connections out to all loops.</summary>
internal sealed class LinuxStreamListener : IStreamListener, IPolled
{
    private const int AtOnce = 64; // then the connections that are there have their turn
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Socket _socket;
    private readonly SafeSocketHandle _handle;
    private readonly IStreamAcceptor _acceptor;
    private readonly SocketLoops _loops;
    private readonly SocketLoop _loop;
    private readonly SystemNetworkOptions _options;
    private readonly TimeProvider _time;
    private readonly ulong _token;
    private ITimer? _pause;
    private bool _closed;

    /// <param name="socket">Bound and listening; owned from now on.</param>
    /// <param name="acceptor">Takes the connections.</param>
    /// <param name="loops">The threads.</param>
    /// <param name="options">For the connections.</param>
    /// <param name="time">The clock.</param>
    public LinuxStreamListener(Socket socket, IStreamAcceptor acceptor, SocketLoops loops, SystemNetworkOptions options, TimeProvider time)
    {
        _socket = socket;
        _acceptor = acceptor;
        _loops = loops;
        _loop = loops.Next();
        _options = options;
        _time = time;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        socket.Blocking = false;
        _handle = socket.SafeHandle;
        lock (_lock)
        {
            _token = _loop.Add(this, _handle, Readable);
        }
    }

    public IPEndPoint LocalEndPoint { get; }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }
            _closed = true;
            _pause?.Dispose();
            _loop.Remove(_token, _handle);
            _socket.Dispose();
        }
    }

    public void OnReady(uint events, ReadBuffers buffers)
    {
        for (var i = 0; i < AtOnce; i++)
        {
            DescriptorHandle? accepted;
            IPEndPoint? remote;
            lock (_lock)
            {
                if (_closed)
                {
                    return;
                }
                accepted = Accept(_handle, out remote, out var error);
                if (accepted is null)
                {
                    switch (error)
                    {
                        case TryAgain:
                            return;
                        case 12 or 23 or 24 or 105: // no memory or no file descriptor left: that passes, spinning does not help
                            PauseAccepting();
                            return;
                        default:
                            continue; // this one was gone before it was taken
                    }
                }
            }
            Take(accepted, remote);
        }
    }

    public void OnFault(Exception fault) => Faults.Tell(_acceptor.Faulted, fault);

    private void Take(DescriptorHandle accepted, IPEndPoint? remote)
    {
        if (remote is null || LinuxStreamCalls.LocalEndPoint(accepted) is not { } local)
        {
            accepted.Dispose(); // reset before anything was said
            return;
        }
        var connection = LinuxStreamConnection.Accepted(accepted, local, remote, _loops, _options, _time);
        if (Accepted(connection) is { } receiver)
        {
            connection.Start(receiver);
        }
        else
        {
            connection.Abort();
        }
    }

    private IStreamReceiver? Accepted(LinuxStreamConnection connection)
    {
        try
        {
            return _acceptor.Accepted(connection);
        }
#pragma warning disable CA1031 // An error in the program; the next connection is another one's.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            OnFault(fault);
            return null;
        }
    }

    private void PauseAccepting()
    {
        ListenFor(0);
        _pause?.Dispose();
        _pause = _time.CreateTimer(static listener => ((LinuxStreamListener)listener!).GoOn(), this, Pause, Timeout.InfiniteTimeSpan);
    }

    private void GoOn()
    {
        lock (_lock)
        {
            if (!_closed)
            {
                ListenFor(Readable);
            }
        }
    }

    private void ListenFor(uint events)
    {
        if (_loop.Change(_token, _handle, events) is { } error)
        {
            OnFault(new SocketException((int)error));
        }
    }
}
