// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using static Isthmus.Sip.Stack.PollCalls;

namespace Isthmus.Sip.Stack;

/// <summary>
/// The UDP sockets of a loop, which are not in its epoll: whoever is in one is woken for each datagram that has left him, also while he works, and that is a
/// twentieth of what it costs to send one. In these queues the thread stands only while it sleeps. Used by one thread.
/// </summary>
internal sealed unsafe class WatchedSockets
{
    private IPolled[] _sockets = [];
    private PollDescriptor[] _descriptors = [];
    private int _ready;

    /// <summary>How many there are.</summary>
    public int Count => _sockets.Length;

    /// <summary>Takes others in the place of those that there are.</summary>
    public void Set(IReadOnlyList<(IPolled Polled, SafeHandle Socket)> sockets)
    {
        _sockets = [.. sockets.Select(static one => one.Polled)];
        _ready = 0;
        _descriptors = GC.AllocateArray<PollDescriptor>(_sockets.Length + 1, pinned: true);
        for (var i = 0; i < _sockets.Length; i++)
        {
            // Not held: one that is closed meanwhile serves nobody, and its number is looked at for a moment at most.
            _descriptors[i] = new() { Descriptor = (int)sockets[i].Socket.DangerousGetHandle(), Wanted = (short)Readable };
        }
    }

    /// <summary>Waits for one of them, or for the epoll of the others.</summary>
    /// <param name="poll">The epoll.</param>
    /// <param name="milliseconds">How long at most; -1: until there is something.</param>
    /// <returns>Whether the epoll may have something.</returns>
    public bool Wait(DescriptorHandle poll, int milliseconds)
    {
        _descriptors[^1] = new() { Descriptor = (int)poll.DangerousGetHandle(), Wanted = (short)Readable };
        fixed (PollDescriptor* descriptors = _descriptors)
        {
            _ready = PollCalls.Wait(descriptors, (nuint)_descriptors.Length, milliseconds);
        }
        return _ready > 0 && _descriptors[^1].Happened != 0;
    }

    /// <summary>Serves those of them that were found ready.</summary>
    public void Serve(ReadBuffers buffers)
    {
        for (var i = 0; i < _sockets.Length && _ready > 0; i++)
        {
            if (_descriptors[i].Happened is not 0 and var happened)
            {
                SocketLoop.Serve(_sockets[i], (uint)(ushort)happened, buffers);
            }
        }
    }
}
