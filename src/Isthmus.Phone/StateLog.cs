// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace Isthmus.Phone;

/// <summary>A bounded history that any number of readers follow to its end. Writers never wait: a reader that falls behind by more than the capacity
/// skips to the oldest entry still held.</summary>
internal sealed class StateLog<T>(int capacity = StateLog<T>.DefaultCapacity)
{
    private const int DefaultCapacity = 256;

    private readonly Lock _gate = new();
    private readonly Queue<T> _entries = new();
    private long _first;
    private bool _closed;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Adds an entry; false once closed.</summary>
    public bool Add(T entry, bool last = false)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            if (_entries.Count == capacity)
            {
                _entries.Dequeue();
                _first++;
            }

            _entries.Enqueue(entry);
            _closed = last;
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
        return true;
    }

    /// <summary>Ends the streams of all readers after what they have not read yet.</summary>
    public void Close()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _closed = true;
            changed = _changed;
        }

        changed.TrySetResult();
    }

    /// <summary>What is held now, oldest first.</summary>
    public IReadOnlyList<T> Snapshot()
    {
        lock (_gate)
        {
            return [.. _entries];
        }
    }

    /// <summary>Everything held, then what comes, until the log is closed.</summary>
    public async IAsyncEnumerable<T> Follow([EnumeratorCancellation] CancellationToken cancellation)
    {
        var next = 0L;
        while (true)
        {
            T[] fresh;
            Task changed;
            bool closed;
            lock (_gate)
            {
                var skip = (int)Math.Max(0, next - _first);
                fresh = [.. _entries.Skip(skip)];
                next = _first + _entries.Count;
                changed = _changed.Task;
                closed = _closed;
            }

            foreach (var entry in fresh)
            {
                yield return entry;
            }

            if (closed && fresh.Length == 0)
            {
                yield break;
            }

            if (!closed)
            {
                await changed.WaitAsync(cancellation);
            }
        }
    }
}
