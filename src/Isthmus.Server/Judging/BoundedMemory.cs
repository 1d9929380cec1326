// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Judging;

/// <summary>Remembers values for a while: entries go when their time is over, and the oldest goes when there are too many. For any thread.</summary>
/// <param name="time">The clock.</param>
/// <param name="keep">How long an entry stays, counted from when it was first set.</param>
/// <param name="capacity">How many entries there may be, at least 1.</param>
internal sealed class BoundedMemory<TKey, TValue>(TimeProvider time, TimeSpan keep, int capacity)
    where TKey : notnull
    where TValue : struct
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, TValue> _values = [];
    private readonly Queue<(TKey Key, long Since)> _order = new();
    private int _kept;

    /// <summary>Whether nothing is kept, not even what is too old. Takes no lock.</summary>
    public bool IsEmpty => Volatile.Read(ref _kept) == 0;

    /// <summary>How many entries there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                Expire();
                return _values.Count;
            }
        }
    }

    /// <summary>The value of a key; the default of its type when there is none.</summary>
    public TValue Of(TKey key)
    {
        lock (_gate)
        {
            Expire();
            return _values.GetValueOrDefault(key);
        }
    }

    /// <summary>Remembers a value; that of a known key is replaced, and its age goes on.</summary>
    public void Set(TKey key, TValue value)
    {
        lock (_gate)
        {
            Expire();
            if (!_values.ContainsKey(key))
            {
                if (_values.Count >= capacity)
                {
                    Forget();
                }

                _order.Enqueue((key, time.GetTimestamp()));
            }

            _values[key] = value;
            Volatile.Write(ref _kept, _values.Count);
        }
    }

    private void Expire()
    {
        while (_order.TryPeek(out var oldest) && time.GetElapsedTime(oldest.Since) >= keep)
        {
            Forget();
        }
    }

    private void Forget()
    {
        _values.Remove(_order.Dequeue().Key);
        Volatile.Write(ref _kept, _values.Count);
    }
}
