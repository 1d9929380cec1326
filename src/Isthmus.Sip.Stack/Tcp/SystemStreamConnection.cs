// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>
/// A TCP connection of the operating system. One task connects and receives and says <see cref="IStreamReceiver.Closed"/> at its end;
/// whoever sends first also writes, until the queue is empty.
/// </summary>
/// <remarks>Its continuations belong to no caller's context, hence the <c>ConfigureAwait(false)</c>.</remarks>
internal sealed class SystemStreamConnection : IStreamConnection
{
    private const int ReceiveBuffer = 4096;
    private const int FirstSendBuffer = 2048;

    private readonly Lock _lock = new();
    private readonly Socket _socket;
    private readonly SystemNetworkOptions _options;
    private readonly TimeProvider _time;
    private readonly bool _outgoing;
    private readonly TaskCompletionSource _sendingDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IStreamReceiver? _receiver;
    private ITimer? _closeTimer;
    private byte[]? _queue;
    private int _queued;
    private bool _connected;
    private bool _writing;
    private bool _closing;
    private SocketError? _failure;

    private SystemStreamConnection(Socket socket, IPEndPoint local, IPEndPoint remote, bool outgoing, SystemNetworkOptions options, TimeProvider time)
    {
        _socket = socket;
        _options = options;
        _time = time;
        _outgoing = outgoing;
        _connected = !outgoing;
        LocalEndPoint = local;
        RemoteEndPoint = remote;
    }

    public IPEndPoint LocalEndPoint { get; private set; }

    public IPEndPoint RemoteEndPoint { get; }

    public static SystemStreamConnection Outgoing(Socket socket, IPEndPoint local, IPEndPoint remote, SystemNetworkOptions options, TimeProvider time) =>
        new(socket, local, remote, outgoing: true, options, time);

    public static SystemStreamConnection Accepted(Socket socket, SystemNetworkOptions options, TimeProvider time) =>
        new(socket, (IPEndPoint)socket.LocalEndPoint!, (IPEndPoint)socket.RemoteEndPoint!, outgoing: false, options, time);

    /// <summary>Begins to connect, or to receive.</summary>
    public void Start(IStreamReceiver receiver)
    {
        _receiver = receiver;
        _ = Task.Run(RunAsync);
    }

    public bool Send(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_closing || _failure is not null)
            {
                return false;
            }
            if (_queued + bytes.Length > _options.StreamSendQueueBytes)
            {
                Fail(SocketError.NoBufferSpaceAvailable);
                return false;
            }
            Append(bytes);
            if (_writing || !_connected)
            {
                return true;
            }
            _writing = true;
        }
        _ = WriteAsync();
        return true;
    }

    public void Close()
    {
        lock (_lock)
        {
            if (_closing)
            {
                return;
            }
            _closing = true;
            if (!_connected || _failure is not null)
            {
                _socket.Dispose();
                _sendingDone.TrySetResult();
                return;
            }
            // A peer that takes nothing, or never closes its side, is not waited for any longer than this.
            _closeTimer = _time.CreateTimer(static connection => ((SystemStreamConnection)connection!).CutOff(), this, _options.CloseTime, Timeout.InfiniteTimeSpan);
            if (!_writing)
            {
                EndSending();
            }
        }
    }

    public void Abort()
    {
        lock (_lock)
        {
            _closing = true;
            CutOff();
        }
    }

    public void Dispose() => Close();

    private async Task RunAsync()
    {
        SocketError? reason = null;
        try
        {
            if (_outgoing)
            {
                await _socket.ConnectAsync(RemoteEndPoint).ConfigureAwait(false);
                BecomeConnected();
            }
            await ReceiveAsync().ConfigureAwait(false);
        }
        catch (SocketException error)
        {
            reason = error.SocketErrorCode;
        }
        catch (ObjectDisposedException)
        {
            // Closed from this side.
        }
#pragma warning disable CA1031 // An error in the program.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Abort();
            Faults.Tell(_receiver!.Faulted, fault);
        }
        lock (_lock)
        {
            reason = _failure ?? (_closing ? null : reason);
            _closing = true;
            _closeTimer?.Dispose();
            _socket.Dispose();
            if (!_writing)
            {
                ReturnQueue();
            }
        }
        _receiver!.Closed(reason);
    }

    private void BecomeConnected()
    {
        lock (_lock)
        {
            LocalEndPoint = (IPEndPoint)_socket.LocalEndPoint!;
            _connected = true;
            _writing = _queued > 0;
        }
        _receiver!.Connected();
        if (_writing)
        {
            _ = WriteAsync();
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReceiveBuffer);
        try
        {
            int length;
            while ((length = await _socket.ReceiveAsync(buffer).ConfigureAwait(false)) > 0)
            {
                if (!Volatile.Read(ref _closing))
                {
                    _receiver!.Received(buffer.AsSpan(0, length));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        if (!Volatile.Read(ref _closing))
        {
            _receiver!.Ended();
        }
        await _sendingDone.Task.ConfigureAwait(false);
    }

    private async Task WriteAsync()
    {
        try
        {
            while (TakeQueue() is var (bytes, length))
            {
                try
                {
                    for (var sent = 0; sent < length;)
                    {
                        sent += await _socket.SendAsync(bytes.AsMemory(sent, length - sent)).ConfigureAwait(false);
                    }
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(bytes);
                }
            }
            return;
        }
        catch (SocketException error)
        {
            lock (_lock)
            {
                Fail(error.SocketErrorCode);
            }
        }
        catch (ObjectDisposedException)
        {
            // Cut off while writing.
        }
        lock (_lock)
        {
            _writing = false;
            ReturnQueue();
        }
    }

    private (byte[] Bytes, int Length)? TakeQueue()
    {
        lock (_lock)
        {
            if (_queue is { } bytes && _queued > 0)
            {
                var taken = (bytes, _queued);
                _queue = null;
                _queued = 0;
                return taken;
            }
            _writing = false;
            if (_closing)
            {
                EndSending();
            }
            return null;
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_queue is null || _queue.Length - _queued < bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstSendBuffer, (_queued + bytes.Length) * 2));
            _queue.AsSpan(0, _queued).CopyTo(larger);
            ReturnQueue(keepCount: true);
            _queue = larger;
        }
        bytes.CopyTo(_queue.AsSpan(_queued));
        _queued += bytes.Length;
    }

    private void ReturnQueue(bool keepCount = false)
    {
        if (_queue is { } bytes)
        {
            _queue = null;
            ArrayPool<byte>.Shared.Return(bytes);
        }
        if (!keepCount)
        {
            _queued = 0;
        }
    }

    /// <summary>Everything is written: the peer sees the end, and what it still has to say is read and thrown away until it closes too.</summary>
    private void EndSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            _socket.Dispose(); // reset by the peer
        }
        catch (ObjectDisposedException)
        {
            // Cut off already.
        }
        _sendingDone.TrySetResult();
    }

    private void Fail(SocketError error)
    {
        _failure ??= error;
        CutOff();
    }

    private void CutOff()
    {
        lock (_lock)
        {
            try
            {
                _socket.LingerState = new LingerOption(true, 0); // a reset, not an end
            }
            catch (SocketException)
            {
                // Not connected yet, or no longer.
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            _socket.Dispose();
            _sendingDone.TrySetResult();
        }
    }
}
