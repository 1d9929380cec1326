// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Runtime.InteropServices;
using static Isthmus.Sip.Stack.PollCalls;

namespace Isthmus.Sip.Stack;

/// <summary>
/// A thread that waits for many sockets of Linux at once (epoll) and serves those that are ready, round by round: what is sent meanwhile leaves at the end of
/// the round, in one call for each UDP socket and each connection. The thread lives as long as there is something to wait for.
/// </summary>
internal sealed unsafe class SocketLoop(Gatherings gatherings, string name)
{
    private const int RoundSize = 32; // few enough that datagrams need not wait long for their turn
    private const ulong WakeToken = ulong.MaxValue;

    private readonly Lock _lock = new();
    private readonly List<IPosted> _posted = [];
    private readonly List<(IPolled Polled, SafeHandle Socket)> _watched = [];
    private readonly List<TaskCompletionSource> _leaving = [];
    private Gathering? _gathering; // of one thread after the other
    private Slot[] _slots = new Slot[16];
    private int _used;
    private int _free = -1;
    private int _count;
    private bool _isWatchedNew;
    private DescriptorHandle? _poll;
    private DescriptorHandle? _wake;
    private Thread? _thread;

    /// <summary>Waits for a socket from now on; answers the token by which it is known.</summary>
    /// <exception cref="SocketException">The kernel does not: it has no room for that, or it is no socket.</exception>
    public ulong Add(IPolled polled, SafeHandle socket, uint events)
    {
        lock (_lock)
        {
            EnsureThread();
            var index = _free;
            if (index >= 0)
            {
                _free = _slots[index].NextFree;
            }
            else
            {
                index = _used++;
                if (index == _slots.Length)
                {
                    Array.Resize(ref _slots, index * 2);
                }
            }
            _slots[index].Polled = polled;
            _count++;
            var token = ((ulong)_slots[index].Generation << 32) | (uint)index;
            if (Control(_poll!, PollCalls.Add, socket, events, token) is { } error)
            {
                Free(token);
                throw new SocketException((int)error);
            }
            return token;
        }
    }

    /// <summary>Waits for datagrams of a UDP socket from now on.</summary>
    /// <exception cref="SocketException">The kernel has no room for what the thread needs.</exception>
    public void Watch(IPolled polled, SafeHandle socket)
    {
        lock (_lock)
        {
            EnsureThread();
            _watched.Add((polled, socket));
            _isWatchedNew = true;
            Wake();
        }
    }

    /// <summary>And no more: when this returns the thread neither waits for it nor calls it, unless a call takes longer than that. From the thread itself: no call follows.</summary>
    public void Unwatch(IPolled polled, TimeSpan longestCall)
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_watched.RemoveAll(one => one.Polled == polled) == 0)
            {
                return;
            }
            _isWatchedNew = true;
            if (Thread.CurrentThread == _thread)
            {
                return;
            }
            _leaving.Add(left);
            Wake();
        }
        left.Task.Wait(longestCall);
    }

    /// <summary>Changes what is waited for. The socket is open. Null: it is changed.</summary>
    public SocketError? Change(ulong token, SafeHandle socket, uint events) => Control(_poll!, Modify, socket, events, token);

    /// <summary>Waits for a socket no more, which is still open: its number may soon be another one's.</summary>
    public void Remove(ulong token, SafeHandle socket)
    {
        lock (_lock)
        {
            ref var slot = ref _slots[(int)(uint)token];
            if (slot.Generation != (uint)(token >> 32))
            {
                return;
            }
            _ = Control(_poll!, Delete, socket, 0, token); // if it is not there, so much the better
            Free(token);
        }
    }

    /// <summary>Has <see cref="IPosted.OnPosted"/> called by the thread; by another one where there is none and the kernel has no room for what it needs.</summary>
    public void Post(IPosted posted)
    {
        lock (_lock)
        {
            try
            {
                EnsureThread();
            }
            catch (SocketException)
            {
                ThreadPool.UnsafeQueueUserWorkItem(Serve, posted, preferLocal: false);
                return;
            }
            _posted.Add(posted);
            Wake();
        }
    }

    /// <summary>Serves one that is ready. Whatever that throws ends here: the thread goes on with the next one.</summary>
    public static void Serve(IPolled polled, uint events, ReadBuffers buffers)
    {
        try
        {
            polled.OnReady(events, buffers);
        }
#pragma warning disable CA1031 // The thread serves all others too.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            polled.OnFault(fault);
        }
    }

    private static void Serve(IPosted posted)
    {
        try
        {
            posted.OnPosted();
        }
#pragma warning disable CA1031 // The thread serves all others too.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            posted.OnFault(fault);
        }
    }

    private void Free(ulong token)
    {
        ref var slot = ref _slots[(int)(uint)token];
        slot = new Slot { Generation = slot.Generation + 1, NextFree = _free };
        _free = (int)(uint)token;
        if (--_count == 0)
        {
            Wake();
        }
    }

    private void EnsureThread()
    {
        if (_thread is not null)
        {
            return;
        }
        var (poll, wake) = (NewPoll(), (DescriptorHandle?)null);
        try
        {
            wake = NewEvent();
            if (Control(poll, PollCalls.Add, wake, Readable, WakeToken) is { } error)
            {
                throw new SocketException((int)error);
            }
            (_poll, _wake, _isWatchedNew) = (poll, wake, true);
            var thread = new Thread(Run) { IsBackground = true, Name = name };
            thread.Start();
            _thread = thread;
        }
        catch
        {
            poll.Dispose();
            wake?.Dispose();
            throw;
        }
    }

    private void Wake()
    {
        if (Thread.CurrentThread != _thread)
        {
            ulong one = 1;
            _ = Write(_wake!, (byte*)&one, sizeof(ulong));
        }
    }

    private static SocketError? Control(DescriptorHandle poll, int operation, SafeHandle socket, uint events, ulong token)
    {
        var pollEvent = stackalloc byte[PollEvent.Size];
        PollEvent.Write(pollEvent, events, token);
        return ControlPoll(poll, operation, socket, pollEvent) == 0 ? null : LinuxStreamCalls.Translate(Marshal.GetLastPInvokeError());
    }

    private void Run()
    {
        using var buffers = new ReadBuffers();
        var gathering = _gathering ??= new Gathering(this);
        var events = stackalloc byte[RoundSize * PollEvent.Size];
        var posted = new List<IPosted>();
        var watched = new WatchedSockets();
        using var poll = _poll!;
        using var wake = _wake!;
        while (TakePosted(posted, watched, out var wait))
        {
            var count = watched.Count == 0 ? WaitPoll(poll, events, RoundSize, wait ? -1 : 0) : watched.Wait(poll, wait ? -1 : 0) ? WaitPoll(poll, events, RoundSize, 0) : 0;
            using (gatherings.Begin(gathering))
            {
                watched.Serve(buffers);
                for (var i = 0; i < count; i++)
                {
                    var (ready, token) = PollEvent.Read(events + (i * PollEvent.Size));
                    if (token == WakeToken)
                    {
                        ulong value;
                        _ = Read(wake, (byte*)&value, sizeof(ulong));
                    }
                    else if (Find(token) is { } polled)
                    {
                        Serve(polled, ready, buffers);
                    }
                }
                foreach (var one in posted)
                {
                    Serve(one);
                }
            }
            posted.Clear();
        }
    }

    /// <summary>What was posted since the last round. False: there is nothing left to do for the thread, and it is another one's place now.</summary>
    private bool TakePosted(List<IPosted> into, WatchedSockets watched, out bool wait)
    {
        lock (_lock)
        {
            into.AddRange(_posted);
            _posted.Clear();
            wait = into.Count == 0;
            if (_isWatchedNew)
            {
                _isWatchedNew = false;
                watched.Set(_watched);
                _leaving.ForEach(static left => left.SetResult());
                _leaving.Clear();
            }
            if (wait && _count + _watched.Count == 0)
            {
                _thread = null;
                _poll = _wake = null;
                return false;
            }
            return true;
        }
    }

    /// <summary>Null for what has been removed in this round.</summary>
    private IPolled? Find(ulong token)
    {
        lock (_lock)
        {
            ref var slot = ref _slots[(int)(uint)token];
            return slot.Generation == (uint)(token >> 32) ? slot.Polled : null;
        }
    }

    private struct Slot
    {
        public IPolled? Polled;
        public uint Generation;
        public int NextFree;
    }
}
