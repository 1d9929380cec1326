// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>The threads that serve a network's sockets, which are dealt out to them in turn. Safe from any thread.</summary>
internal sealed class SocketLoops
{
    private readonly Lock _lock = new();
    private readonly List<SocketLoop> _loops = [];
    private int _next;

    /// <param name="count">How many threads there are.</param>
    /// <param name="gatherings">Which threads gather what they send.</param>
    public SocketLoops(int count, Gatherings gatherings)
    {
        Gatherings = gatherings;
        Grow(count);
    }

    public Gatherings Gatherings { get; }

    /// <summary>What connections gather in: at most 4 MiB are kept.</summary>
    public SendBuffers Buffers { get; } = new(1024);

    public SocketLoop Next() => Next(1)[0];

    /// <summary>That many different ones; there are more from now on if there were too few.</summary>
    public SocketLoop[] Next(int count)
    {
        lock (_lock)
        {
            Grow(count);
            var dealt = new SocketLoop[count];
            for (var i = 0; i < count; i++)
            {
                dealt[i] = _loops[_next++ % _loops.Count];
            }
            _next %= _loops.Count;
            return dealt;
        }
    }

    private void Grow(int count)
    {
        while (_loops.Count < count)
        {
            _loops.Add(new SocketLoop(Gatherings, $"sockets {_loops.Count}"));
        }
    }
}
