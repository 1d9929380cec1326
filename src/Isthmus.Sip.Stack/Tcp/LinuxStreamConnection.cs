// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using static Isthmus.Sip.Stack.LinuxStreamCalls;
using static Isthmus.Sip.Stack.PollCalls;

namespace Isthmus.Sip.Stack;

/// <summary>
/// A TCP connection of Linux. Its loop's thread connects, reads, and makes every call to the receiver; any thread writes, at once or at the
/// end of its batch, and leaves to the loop what the kernel has no room for.
/// </summary>
internal sealed class LinuxStreamConnection : IStreamConnection, IPolled, IPosted
{
    private readonly Lock _lock = new();
    private readonly DescriptorHandle _socket;
    private readonly Gatherings _gatherings;
    private readonly SocketLoop _loop;
    private readonly SystemNetworkOptions _options;
    private readonly TimeProvider _time;
    private IStreamReceiver? _receiver;
    private ITimer? _closeTimer;
    private SendBuffer _queue;
    private Gathering? _gathering; // who will flush it
    private ulong? _token;
    private SocketError? _failure;
    private bool _connected;
    private bool _blocked; // the kernel had no room
    private bool _ended; // the peer has said its end
    private bool _sentEnd;
    private bool _closing;
    private bool _cut; // the socket is closed, and Closed on its way

    private LinuxStreamConnection(DescriptorHandle socket, IPEndPoint local, IPEndPoint remote, bool connected, SocketLoops loops, SystemNetworkOptions options, TimeProvider time)
    {
        _socket = socket;
        _gatherings = loops.Gatherings;
        _queue = new SendBuffer(loops.Buffers);
        _loop = loops.Next();
        _options = options;
        _time = time;
        _connected = connected;
        LocalEndPoint = local;
        RemoteEndPoint = remote;
    }

    public IPEndPoint LocalEndPoint { get; private set; }

    public IPEndPoint RemoteEndPoint { get; }

    public static LinuxStreamConnection Accepted(
        DescriptorHandle socket, IPEndPoint local, IPEndPoint remote, SocketLoops loops, SystemNetworkOptions options, TimeProvider time) =>
        new(socket, local, remote, connected: true, loops, options, time);

    /// <param name="socket">Bound if the source was chosen; owned from now on.</param>
    /// <param name="local">The source as far as it is known.</param>
    /// <param name="remote">Whom to connect to.</param>
    /// <param name="receiver">Hears what becomes of it.</param>
    /// <param name="loops">The threads.</param>
    /// <param name="options">Sizes and times.</param>
    /// <param name="time">The clock.</param>
    public static LinuxStreamConnection Outgoing(
        DescriptorHandle socket, IPEndPoint local, IPEndPoint remote, IStreamReceiver receiver, SocketLoops loops, SystemNetworkOptions options, TimeProvider time)
    {
        var connection = new LinuxStreamConnection(socket, local, remote, connected: false, loops, options, time);
        lock (connection._lock)
        {
            if (Connect(socket, remote) is { } error)
            {
                connection.Fail(error);
            }
        }
        connection.Start(receiver);
        return connection;
    }

    /// <summary>Begins to tell the receiver what happens.</summary>
    public void Start(IStreamReceiver receiver)
    {
        lock (_lock)
        {
            _receiver = receiver;
            if (_cut)
            {
                _loop.Post(this);
            }
            else
            {
                Watch();
            }
        }
    }

    public bool Send(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_closing || _failure is not null)
            {
                return false;
            }
            if (_queue.Count + bytes.Length > _options.StreamSendQueueBytes)
            {
                TryWrite(); // what waits for the end of a batch only
            }
            if (_queue.Count + bytes.Length > _options.StreamSendQueueBytes)
            {
                Fail(SocketError.NoBufferSpaceAvailable);
                return false;
            }
            if (_connected && !_blocked && _gatherings.Current is { } gathering)
            {
                if (_gathering != gathering)
                {
                    _gathering = gathering;
                    gathering.Add(this);
                }
                _queue.Append(bytes);
                return true;
            }
            var sent = _connected && !_blocked && _queue.Count == 0 ? Write(bytes) : 0;
            if (sent < bytes.Length && !_cut)
            {
                _queue.Append(bytes[sent..]);
                TryWrite();
            }
            return _failure is null;
        }
    }

    /// <summary>The end of the batch in which something was sent.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            _gathering = null;
            try
            {
                TryWrite();
            }
#pragma warning disable CA1031 // It is the end of a batch, and others wait for it.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                OnFault(fault);
            }
        }
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
            if (!_connected || _cut)
            {
                Cut();
                return;
            }
            // A peer that takes nothing, or never closes its side, is not waited for any longer than this.
            _closeTimer = _time.CreateTimer(static connection => ((LinuxStreamConnection)connection!).Abort(), this, _options.CloseTime, Timeout.InfiniteTimeSpan);
            TryWrite();
            EndSendingWhenEmpty();
        }
    }

    public void Abort()
    {
        lock (_lock)
        {
            _closing = true;
            Reset();
        }
    }

    public void Dispose() => Close();

    public void OnReady(uint events, ReadBuffers buffers)
    {
        if (!_connected)
        {
            if (TryBecomeConnected())
            {
                _receiver!.Connected();
                Flush();
            }
            return;
        }
        if ((events & Writable) != 0)
        {
            lock (_lock)
            {
                _blocked = false;
                TryWrite();
                EndSendingWhenEmpty();
                Rearm();
            }
        }
        if (_ended)
        {
            if ((events & (Failed | HungUp)) != 0)
            {
                Lost();
            }
        }
        else if ((events & (Readable | Failed | HungUp)) != 0)
        {
            Read(buffers.Stream);
        }
    }

    public void OnPosted()
    {
        SocketError? reason;
        lock (_lock)
        {
            reason = _failure;
        }
        _receiver!.Closed(reason);
    }

    public void OnFault(Exception fault)
    {
        Abort();
        if (_receiver is { } receiver)
        {
            Faults.Tell(receiver.Faulted, fault);
        }
    }

    private uint Interest => (_connected && !_ended ? Readable : 0) | (!_connected || _blocked ? Writable : 0);

    private bool TryBecomeConnected()
    {
        lock (_lock)
        {
            if (_cut)
            {
                return false;
            }
            if (TakeError(_socket) is { } error)
            {
                _failure ??= error;
                Cut();
                return false;
            }
            LocalEndPoint = LinuxStreamCalls.LocalEndPoint(_socket) ?? LocalEndPoint;
            _connected = true;
            Rearm();
            return true;
        }
    }

    private void Read(Span<byte> buffer)
    {
        int length, error;
        try
        {
            length = Receive(_socket, buffer, out error);
        }
        catch (ObjectDisposedException)
        {
            return; // cut off by another thread meanwhile
        }
        if (length > 0)
        {
            if (!Volatile.Read(ref _closing))
            {
                _receiver!.Received(buffer[..length]);
            }
        }
        else if (length == 0)
        {
            ReadEnd();
        }
        else if (error is not (TryAgain or Interrupted))
        {
            lock (_lock)
            {
                _failure ??= _closing ? null : Translate(error);
                Cut();
            }
        }
    }

    private void ReadEnd()
    {
        lock (_lock)
        {
            _ended = true;
            Rearm();
        }
        if (!Volatile.Read(ref _closing))
        {
            _receiver!.Ended();
        }
        lock (_lock)
        {
            if (_sentEnd)
            {
                Cut();
            }
        }
    }

    /// <summary>The peer, which had said its end, is gone altogether.</summary>
    private void Lost()
    {
        lock (_lock)
        {
            if (!_cut)
            {
                var error = TakeError(_socket);
                _failure ??= _closing ? null : error;
                Cut();
            }
        }
    }

    /// <summary>Writes what waits, as far as there is room. From here on: called with the lock held.</summary>
    private void TryWrite()
    {
        while (_connected && !_blocked && !_cut && _queue.Count > 0)
        {
            _queue.Advance(Write(_queue.Waiting));
        }
    }

    private int Write(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var length = LinuxStreamCalls.Send(_socket, bytes, out var error);
            if (length >= 0)
            {
                return length;
            }
            if (error == TryAgain)
            {
                _blocked = true;
                Rearm();
                return 0;
            }
            if (error != Interrupted)
            {
                Fail(Translate(error));
                return 0;
            }
        }
    }

    /// <summary>Everything is written: the peer sees the end, and what it still has to say is read and thrown away until it closes too.</summary>
    private void EndSendingWhenEmpty()
    {
        if (!_closing || _cut || _sentEnd || _queue.Count > 0)
        {
            return;
        }
        _sentEnd = true;
        if (!EndSending(_socket) || _ended)
        {
            Cut();
        }
    }

    private void Fail(SocketError error)
    {
        _failure ??= error;
        Reset();
    }

    /// <summary>Closes the socket with a reset, not an end.</summary>
    private void Reset()
    {
        if (!_cut)
        {
            ResetOnClose(_socket);
            Cut();
        }
    }

    private void Rearm()
    {
        if (!_cut && _token is { } token && _loop.Change(token, _socket, Interest) is { } error)
        {
            Fail(error); // it would never be heard of again
        }
    }

    private void Watch()
    {
        try
        {
            _token = _loop.Add(this, _socket, Interest);
        }
        catch (SocketException error)
        {
            Fail(error.SocketErrorCode);
        }
    }

    /// <summary>Closes the socket; nothing is heard of it any more but the end.</summary>
    private void Cut()
    {
        if (_cut)
        {
            return;
        }
        _cut = true;
        _closing = true;
        _closeTimer?.Dispose();
        _queue.Clear();
        if (_receiver is not null)
        {
            _loop.Post(this); // before the thread has nothing to wait for, and may end
        }
        if (_token is { } token)
        {
            _loop.Remove(token, _socket);
        }
        _socket.Dispose();
    }
}
