// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Testing;

/// <summary>One end of a simulated stream.</summary>
public sealed class MemoryConnection : IStreamConnection
{
    private const int SendQueueLimit = 256 * 1024;
    private const int Attempts = 60;
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AgainInBlackhole = TimeSpan.FromSeconds(1);

    private readonly MemoryNetwork _network;
    private readonly Queue<(byte[]? Bytes, DateTimeOffset Arrival)> _queue = new(); // null bytes: the end (FIN)
    private MemoryConnection? _peer;
    private int _queued;
    private bool _underWay;
    private bool _connected;
    private bool _sendingEnded;
    private bool _closedByUser;
    private bool _gone;

    internal MemoryConnection(MemoryNetwork network, MemoryHost owner, IPEndPoint local, IPEndPoint remote)
    {
        _network = network;
        Owner = owner;
        LocalEndPoint = local;
        RemoteEndPoint = remote;
        network.Track(this);
    }

    /// <inheritdoc/>
    public IPEndPoint LocalEndPoint { get; }

    /// <inheritdoc/>
    public IPEndPoint RemoteEndPoint { get; }

    /// <summary>The host whose end this is.</summary>
    public MemoryHost Owner { get; }

    internal IStreamReceiver? Receiver { get; set; }

    internal MemoryHost? PeerHost => _network.Owner(RemoteEndPoint.Address);

    private LinkFaults Faults => _network.FaultsBetween(Owner, PeerHost);

    /// <inheritdoc/>
    public bool Send(ReadOnlySpan<byte> bytes)
    {
        if (_gone || _sendingEnded)
        {
            return false;
        }
        if (_queued + bytes.Length > SendQueueLimit)
        {
            Fail(SocketError.NoBufferSpaceAvailable, TimeSpan.Zero);
            return false;
        }
        _queued += bytes.Length;
        _network.Record(Owner, LocalEndPoint, RemoteEndPoint, isStream: true, bytes, Fate.Sent);
        _queue.Enqueue((bytes.ToArray(), _network.Time.GetUtcNow() + Faults.Delay));
        Pump();
        return true;
    }

    /// <summary>Sends the end of the stream but goes on receiving (half-close).</summary>
    public void EndSending()
    {
        if (!_gone && !_sendingEnded)
        {
            _sendingEnded = true;
            _queue.Enqueue((null, _network.Time.GetUtcNow() + Faults.Delay));
            Pump();
        }
    }

    /// <inheritdoc/>
    public void Close()
    {
        if (!_gone && !_closedByUser)
        {
            _closedByUser = true;
            if (_peer is null)
            {
                Fail(null, TimeSpan.Zero);
                return;
            }
            if (_sendingEnded)
            {
                if (_queue.Count == 0)
                {
                    Fail(null, TimeSpan.Zero);
                }
                return;
            }
            EndSending();
        }
    }

    /// <inheritdoc/>
    public void Abort()
    {
        if (!_gone)
        {
            _peer?.Fail(SocketError.ConnectionReset, Faults.Delay);
            Fail(null, TimeSpan.Zero);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    internal void Connect()
    {
        var to = PeerHost;
        if (to is null || Faults.Blackhole.Has(RemoteEndPoint.Address.Version))
        {
            Fail(SocketError.TimedOut, _network.ConnectPatience, unlessConnected: true);
            return;
        }
        _network.After(Faults.Delay, () =>
        {
            if (_gone)
            {
                return;
            }
            if (to.ListenerAt(RemoteEndPoint) is not { } listener)
            {
                Fail(SocketError.ConnectionRefused, Faults.Delay);
                return;
            }
            var accepted = new MemoryConnection(_network, to, RemoteEndPoint, LocalEndPoint) { _peer = this, _connected = true };
            _peer = accepted;
            accepted.Receiver = listener.Accept(accepted);
            if (accepted.Receiver is null)
            {
                accepted.Abort();
                return;
            }
            _network.After(Faults.Delay, () =>
            {
                if (!_gone)
                {
                    _connected = true;
                    Receiver!.Connected();
                    Pump();
                }
            });
        });
    }

    internal void Fail(SocketError? reason, TimeSpan delay, bool unlessConnected = false)
    {
        if (delay > TimeSpan.Zero)
        {
            _network.After(delay, () =>
            {
                if (!unlessConnected || !_connected)
                {
                    Fail(reason, TimeSpan.Zero);
                }
            });
        }
        else if (!_gone)
        {
            _gone = true;
            _queue.Clear();
            _network.Forget(this);
            _network.After(TimeSpan.Zero, () => Receiver?.Closed(_closedByUser ? null : reason));
        }
    }

    private void Pump(int attempt = 0)
    {
        if (_gone || _underWay || !_connected || !_queue.TryPeek(out var next))
        {
            return;
        }
        _underWay = true;
        var wait = next.Arrival - _network.Time.GetUtcNow();
        var blackhole = Faults.Blackhole.Has(RemoteEndPoint.Address.Version);
        var delay = attempt > 0 ? (blackhole ? AgainInBlackhole : Again) : wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        _network.After(delay, () => Deliver(attempt));
    }

    private void Deliver(int attempt)
    {
        _underWay = false;
        if (_gone)
        {
            return;
        }
        if (Faults.Blackhole.Has(RemoteEndPoint.Address.Version) || _network.Happens(Faults.Loss))
        {
            if (attempt >= Attempts)
            {
                Fail(SocketError.TimedOut, TimeSpan.Zero);
                return;
            }
            Pump(attempt + 1);
            return;
        }
        var (bytes, _) = _queue.Dequeue();
        var peer = _peer!;
        if (peer._gone || peer._closedByUser)
        {
            if (bytes is not null)
            {
                Fail(SocketError.ConnectionReset, Faults.Delay); // data for someone who has closed
            }
        }
        else if (bytes is null)
        {
            peer.Receiver!.Ended();
        }
        else
        {
            _queued -= bytes.Length;
            for (var at = 0; at < bytes.Length && !peer._gone; at += Math.Min(Faults.StreamPiece, bytes.Length - at))
            {
                peer.Receiver!.Received(bytes.AsSpan(at, Math.Min(Faults.StreamPiece, bytes.Length - at)));
            }
        }
        if (bytes is null && (_closedByUser || peer._gone))
        {
            Fail(null, TimeSpan.Zero);
        }
        Pump();
    }
}
