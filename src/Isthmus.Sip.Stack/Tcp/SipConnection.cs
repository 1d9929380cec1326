// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>
/// A stream connection that carries SIP: cuts the stream into messages, answers pings (RFC 5626 §4.4.1), and ends what is slow, silent
/// or cannot be cut.
/// </summary>
internal sealed class SipConnection : IStreamReceiver, IDisposable
{
    private readonly Lock _lock = new();
    private readonly ConnectionTable _table;
    private readonly StreamFramer _framer;
    private readonly IPEndPoint _firstLocal;
    private readonly long _created;
    private IStreamConnection? _stream;
    private WheelTimer _timer;
    private long _lastActive;
    private long? _messageBegan;
    private long? _ended;

    // Written with the lock held or by the receiving thread alone; every message looks at them without it.
    private volatile bool _connected;
    private volatile bool _heard;
    private volatile bool _insideMessage;
    private volatile bool _hasEnded;
    private volatile bool _closing;
    private volatile bool _closed;

    /// <param name="table">Where it is kept.</param>
    /// <param name="id">Its number.</param>
    /// <param name="listener">The listener that it came to, or whose identity it has towards the peer.</param>
    /// <param name="local">The local end as far as it is known.</param>
    /// <param name="remote">The peer.</param>
    /// <param name="isOutgoing">Connected by us.</param>
    public SipConnection(ConnectionTable table, long id, Listener listener, IPEndPoint local, IPEndPoint remote, bool isOutgoing)
    {
        _table = table;
        _framer = new StreamFramer(table.Options.ParserLimits);
        _firstLocal = local;
        _created = _lastActive = table.Time.GetTimestamp();
        _connected = !isOutgoing;
        Id = id;
        IsOutgoing = isOutgoing;
        Flow = new Flow(this, listener, local, remote);
    }

    public long Id { get; }

    public Flow Flow { get; }

    public bool IsOutgoing { get; }

    /// <summary>The messages that fail when the connection does.</summary>
    public WatchList Watch { get; } = new();

    public IPEndPoint Local => _stream is { } stream && stream.LocalEndPoint.Port != 0 ? stream.LocalEndPoint : _firstLocal;

    public bool IsConnecting => !_connected;

    /// <summary>Whether new requests may be sent by it: not when the peer has ended its side, for no answer would come.</summary>
    public bool IsUsable => IsWritable && !_hasEnded;

    /// <summary>Whether answers may still be sent by it.</summary>
    public bool IsWritable => !_closing && !_closed;

    /// <summary>Gives it its stream; the timers begin.</summary>
    public void Begin(IStreamConnection stream)
    {
        lock (_lock)
        {
            _stream = stream;
            Rearm();
        }
    }

    public bool Send(ReadOnlySpan<byte> bytes)
    {
        if (!IsWritable || Volatile.Read(ref _stream) is not { } stream)
        {
            return false;
        }
        Volatile.Write(ref _lastActive, Now);
        return stream.Send(bytes);
    }

    /// <summary>Closes when what is queued is sent.</summary>
    public void Dispose() => End(abort: false);

    /// <summary>Ends the attempt if it has not succeeded by now; nothing that was queued leaves then.</summary>
    public void GiveUpConnecting()
    {
        lock (_lock)
        {
            if (_connected || _closing || _closed)
            {
                return;
            }
            _closing = true;
            _timer.Cancel();
        }
        _table.ConnectTimedOut(this);
        _table.Forget(this);
        _stream?.Abort();
    }

    public void Connected()
    {
        lock (_lock)
        {
            if (_closing)
            {
                return; // given up in the same moment
            }
            _connected = true;
            Volatile.Write(ref _lastActive, Now);
            Rearm();
        }
        foreach (var outgoing in Watch.Snapshot())
        {
            outgoing.OnConnected();
        }
    }

    public void Received(ReadOnlySpan<byte> bytes)
    {
        if (_closing)
        {
            return;
        }
        Volatile.Write(ref _lastActive, Now);
        // Only the receiving side touches the framer, and its calls come one at a time.
        while (true)
        {
            switch (_framer.Pull(ref bytes, out var frame))
            {
                case FrameKind.Message:
                    Heard();
                    _table.Reception.Take(frame, Flow, isStream: true);
                    break;
                case FrameKind.Ping:
                    Heard();
                    _table.Counters.Count(StackCounter.KeepAlives);
                    Send("\r\n"u8);
                    break;
                case FrameKind.Pong:
                    break;
                case FrameKind.Broken:
                    _table.Counters.Count(StackCounter.ConnectionsBroken);
                    _table.Reception.TakeBroken(frame, Flow);
                    Dispose();
                    return;
                default:
                    NoteProgress();
                    return;
            }
        }
    }

    public void Ended()
    {
        lock (_lock)
        {
            _ended = Now;
            _hasEnded = true;
            Rearm();
        }
        _table.Forget(this); // no new requests by it; answers to those that came may still go
    }

    public void Closed(SocketError? reason)
    {
        lock (_lock)
        {
            _closed = true;
            _timer.Cancel();
        }
        _framer.Dispose();
        _table.Remove(this, reason);
    }

    public void Faulted(Exception fault) => _table.Faults.Report(Flow, fault);

    private long Now => _table.Time.GetTimestamp();

    private void Heard()
    {
        _heard = true;
        if (_insideMessage)
        {
            EndMessage();
        }
    }

    private void NoteProgress()
    {
        if (_framer.IsInsideMessage == _insideMessage)
        {
            return;
        }
        if (_insideMessage)
        {
            EndMessage();
            return;
        }
        lock (_lock)
        {
            _insideMessage = true;
            _messageBegan = Now;
            Rearm();
        }
    }

    private void EndMessage()
    {
        lock (_lock)
        {
            _insideMessage = false;
            _messageBegan = null;
        }
    }

    private void End(bool abort)
    {
        IStreamConnection? stream;
        lock (_lock)
        {
            if (_closing || _closed)
            {
                return;
            }
            _closing = true;
            _timer.Cancel();
            stream = _stream;
        }
        _table.Forget(this);
        if (abort)
        {
            stream?.Abort();
        }
        else
        {
            stream?.Close();
        }
    }

    /// <summary>Sets the timer for the earliest of the limits that apply now; called with the lock held.</summary>
    private void Rearm()
    {
        _timer.Cancel();
        if (!_closing && !_closed)
        {
            _timer = _table.Timers.Schedule(Limit().Left, static connection => ((SipConnection)connection!).OnTimer(), this);
        }
    }

    private (TimeSpan Left, StackCounter? Cause) Limit()
    {
        var options = _table.Options;
        if (!_connected)
        {
            return (Left(_created, options.ConnectTime), null);
        }
        var nearest = (Left: Left(Volatile.Read(ref _lastActive), options.ConnectionIdle), Cause: (StackCounter?)StackCounter.ConnectionsIdle);
        if (_ended is { } ended)
        {
            nearest = Nearer(nearest, Left(ended, options.HalfClosedTime), StackCounter.ConnectionsIdle);
        }
        if (_messageBegan is { } began)
        {
            nearest = Nearer(nearest, Left(began, options.MessageTime), StackCounter.ConnectionsTooSlow);
        }
        return IsOutgoing || _heard ? nearest : Nearer(nearest, Left(_created, options.FirstMessageTime), StackCounter.ConnectionsTooSlow);
    }

    private TimeSpan Left(long since, TimeSpan limit) => limit - _table.Time.GetElapsedTime(since, Now);

    private static (TimeSpan Left, StackCounter? Cause) Nearer((TimeSpan Left, StackCounter? Cause) one, TimeSpan left, StackCounter cause) =>
        left < one.Left ? (left, cause) : one;

    private void OnTimer()
    {
        StackCounter? cause;
        lock (_lock)
        {
            (var left, cause) = Limit();
            if (left > TimeSpan.Zero)
            {
                Rearm(); // there was life meanwhile
                return;
            }
        }
        if (cause is { } counter)
        {
            _table.Counters.Count(counter);
            End(abort: counter == StackCounter.ConnectionsTooSlow);
        }
        else
        {
            GiveUpConnecting();
        }
    }
}
