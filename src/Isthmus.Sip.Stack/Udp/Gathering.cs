// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What one thread has sent since it began its batch, by socket and connection. Used by one thread at a time.</summary>
/// <param name="home">The loop whose thread it belongs to; null: threads borrow it.</param>
internal sealed class Gathering(SocketLoop? home)
{
    private const int Sockets = 8; // what is sent by more of them leaves before the end
    private const int Connections = 1024; // and by more connections than this, before the end

    private readonly List<LinuxStreamConnection> _connections = [];
    private readonly SendQueue?[] _queues = new SendQueue?[Sockets];
    private int _used;
    private int _oldest;
    private bool _flushing;

    /// <summary>How many batches are open, one inside the other.</summary>
    public int Depth { get; set; }

    /// <summary>The loop whose thread it belongs to; null: threads borrow it.</summary>
    public SocketLoop? Home => home;

    /// <summary>The queue for a socket. Null: send at once, for this is the answer to a failure among what leaves just now.</summary>
    public SendQueue? QueueFor(DatagramShard socket)
    {
        for (var i = 0; i < _used; i++)
        {
            if (_queues[i]!.Socket == socket)
            {
                return _flushing ? null : _queues[i];
            }
        }
        if (_flushing)
        {
            return null;
        }
        var queue = _used < Sockets ? _queues[_used++] ??= new SendQueue() : TakeOldest();
        queue?.Socket = socket;
        return queue;
    }

    /// <summary>Has <see cref="LinuxStreamConnection.Flush"/> called at the end, or earlier.</summary>
    public void Add(LinuxStreamConnection connection)
    {
        if (_connections.Count == Connections)
        {
            FlushConnections();
        }
        _connections.Add(connection);
    }

    /// <summary>Sends everything. Sockets are forgotten, so that a closed one is not kept.</summary>
    public void Flush()
    {
        _flushing = true;
        for (var i = 0; i < _used; i++)
        {
            var queue = _queues[i]!;
            queue.Flush();
            queue.Socket = null;
        }
        _used = _oldest = 0;
        _flushing = false;
        FlushConnections(); // last: what was refused above may have been answered by them
    }

    // Turn by turn, as each of them is filled anew when it is taken.
    private SendQueue? TakeOldest()
    {
        var queue = _queues[_oldest]!;
        if (queue.IsFlushing)
        {
            return null;
        }
        _oldest = (_oldest + 1) % Sockets;
        queue.Flush();
        return queue;
    }

    private void FlushConnections()
    {
        foreach (var connection in _connections)
        {
            connection.Flush();
        }
        _connections.Clear();
    }
}
