// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What one thread has sent since it began its batch, by socket. Used by one thread at a time.</summary>
/// <param name="home">The socket whose receiving thread it belongs to; null when threads borrow it.</param>
internal sealed class Gathering(DatagramShard? home)
{
    private const int Sockets = 8; // what is sent by more of them leaves at once

    private readonly SendQueue?[] _queues = new SendQueue?[Sockets];
    private int _used;
    private bool _flushing;

    /// <summary>How many batches are open, one inside the other.</summary>
    public int Depth { get; set; }

    /// <summary>The socket that the thread receives from, if it does.</summary>
    public DatagramShard? Home => home;

    /// <summary>The queue for a socket. Null: send at once, for there are too many sockets, or this is the answer to a failure at the end.</summary>
    public SendQueue? QueueFor(DatagramShard socket)
    {
        for (var i = 0; i < _used; i++)
        {
            if (_queues[i]!.Socket == socket)
            {
                return _flushing ? null : _queues[i];
            }
        }
        if (_used == Sockets || _flushing)
        {
            return null;
        }
        var queue = _queues[_used++] ??= new SendQueue();
        queue.Socket = socket;
        return queue;
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
        _used = 0;
        _flushing = false;
    }
}
