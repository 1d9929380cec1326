// SPDX-License-Identifier: Apache-2.0
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
    private readonly List<IPolled> _posted = [];
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
            Control(PollCalls.Add, socket, events, token);
            return token;
        }
    }

    /// <summary>Waits for datagrams of a UDP socket from now on.</summary>
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

    /// <summary>Changes what is waited for. The socket is open.</summary>
    public void Change(ulong token, SafeHandle socket, uint events) => Control(Modify, socket, events, token);

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
            Control(Delete, socket, 0, token);
            slot = new Slot { Generation = slot.Generation + 1, NextFree = _free };
            _free = (int)(uint)token;
            if (--_count == 0)
            {
                Wake();
            }
        }
    }

    /// <summary>Has <see cref="IPolled.OnPosted"/> called by the thread.</summary>
    public void Post(IPolled polled)
    {
        lock (_lock)
        {
            _posted.Add(polled);
            EnsureThread();
            Wake();
        }
    }

    private void EnsureThread()
    {
        if (_thread is null)
        {
            _poll = NewPoll();
            _wake = NewEvent();
            Control(PollCalls.Add, _wake, Readable, WakeToken);
            _isWatchedNew = true;
            _thread = new Thread(Run) { IsBackground = true, Name = name };
            _thread.Start();
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

    private void Control(int operation, SafeHandle socket, uint events, ulong token)
    {
        var pollEvent = stackalloc byte[PollEvent.Size];
        PollEvent.Write(pollEvent, events, token);
        _ = ControlPoll(_poll!, operation, socket, pollEvent);
    }

    private void Run()
    {
        using var buffers = new ReadBuffers();
        var gathering = _gathering ??= new Gathering(this);
        var events = stackalloc byte[RoundSize * PollEvent.Size];
        var posted = new List<IPolled>();
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
                    else
                    {
                        Find(token)?.OnReady(ready, buffers);
                    }
                }
                foreach (var polled in posted)
                {
                    polled.OnPosted();
                }
            }
            posted.Clear();
        }
    }

    /// <summary>What was posted since the last round. False: there is nothing left to do for the thread, and it is another one's place now.</summary>
    private bool TakePosted(List<IPolled> into, WatchedSockets watched, out bool wait)
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
