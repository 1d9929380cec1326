// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>The stream connections of a stack: takes those that come in, makes those that are needed, finds those that can be used again.</summary>
internal sealed class ConnectionTable(TransportOptions options, INetwork network, TimerWheel timers, TimeProvider time, StackCounters counters)
{
    private readonly Lock _lock = new();
    private readonly HashSet<SipConnection> _all = [];
    private readonly Dictionary<IPAddress, int> _perAddress = [];
    private readonly Dictionary<(SipTransport, IPEndPoint), SipConnection> _usable = [];
    private readonly HashSet<SipConnection> _timedOut = [];
    private long _lastId;
    private bool _disposed;

    public TransportOptions Options => options;

    public TimerWheel Timers => timers;

    public TimeProvider Time => time;

    public StackCounters Counters => counters;

    public required Reception Reception { get; init; }

    /// <summary>Hears the end of every connection, after its messages were told.</summary>
    public required Action<SipConnection, SocketError?> OnClosed { get; init; }

    public required Faults Faults { get; init; }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _all.Count;
            }
        }
    }

    /// <summary>A living connection with that remote endpoint, whoever made it.</summary>
    public SipConnection? Find(SipTransport transport, IPEndPoint remote)
    {
        lock (_lock)
        {
            return _usable.GetValueOrDefault((transport, remote)) is { IsUsable: true } connection ? connection : null;
        }
    }

    /// <summary>The connection there, made if need be. Null: a cap is reached.</summary>
    public SipConnection? FindOrConnect(Listener listener, IPAddress local, IPEndPoint remote)
    {
        lock (_lock)
        {
            if (Find(listener.Transport, remote) is { } known)
            {
                return known;
            }
            if (Add(listener, new IPEndPoint(local, 0), remote, isOutgoing: true) is not { } connection)
            {
                return null;
            }
            counters.Count(StackCounter.ConnectionsTried);
            connection.Begin(network.ConnectStream(local, remote, connection));
            return connection;
        }
    }

    /// <summary>Takes a connection that came in; null when a cap is reached.</summary>
    public SipConnection? Accept(Listener listener, IStreamConnection stream)
    {
        lock (_lock)
        {
            if (Add(listener, stream.LocalEndPoint, stream.RemoteEndPoint, isOutgoing: false) is not { } connection)
            {
                return null;
            }
            counters.Count(StackCounter.ConnectionsAccepted);
            connection.Begin(stream);
            return connection;
        }
    }

    /// <summary>The connection is not found any more, though it may live on for answers.</summary>
    public void Forget(SipConnection connection)
    {
        var key = (connection.Flow.Transport, connection.Flow.Remote);
        lock (_lock)
        {
            if (_usable.GetValueOrDefault(key) == connection)
            {
                _usable.Remove(key);
            }
        }
    }

    /// <summary>The connection did not come about in time: its end will say so.</summary>
    public void ConnectTimedOut(SipConnection connection)
    {
        lock (_lock)
        {
            _timedOut.Add(connection);
        }
    }

    /// <summary>The connection is gone: its place is free, and whoever relied on it is told.</summary>
    public void Remove(SipConnection connection, SocketError? reason)
    {
        Forget(connection);
        lock (_lock)
        {
            if (!_all.Remove(connection))
            {
                return;
            }
            var address = connection.Flow.Remote.Address;
            if (--_perAddress[address] == 0)
            {
                _perAddress.Remove(address);
            }
            reason = _timedOut.Remove(connection) ? SocketError.TimedOut : reason;
        }
        OnClosed(connection, reason);
    }

    public void Dispose()
    {
        SipConnection[] all;
        lock (_lock)
        {
            _disposed = true;
            all = [.. _all];
        }
        foreach (var connection in all)
        {
            connection.Dispose();
        }
    }

    private SipConnection? Add(Listener listener, IPEndPoint local, IPEndPoint remote, bool isOutgoing)
    {
        var sameAddress = _perAddress.GetValueOrDefault(remote.Address);
        if (_disposed || _all.Count >= options.MaxConnections || sameAddress >= options.MaxConnectionsPerAddress)
        {
            counters.Count(StackCounter.ConnectionsRefused);
            return null;
        }
        var connection = new SipConnection(this, ++_lastId, listener, local, remote, isOutgoing);
        _all.Add(connection);
        _perAddress[remote.Address] = sameAddress + 1;
        _usable[(listener.Transport, remote)] = connection;
        return connection;
    }
}
