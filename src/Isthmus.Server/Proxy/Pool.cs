// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Proxy;

/// <summary>Keeps objects that are used again and again. For any thread; the one that came last goes first, since it is still in the cache.</summary>
/// <param name="capacity">How many are kept at most; more are left to the garbage collector.</param>
internal sealed class Pool<T>(int capacity)
    where T : class
{
    private readonly Lock _gate = new();
    private T[] _kept = new T[16];
    private int _count;

    /// <summary>One that is kept; null when there is none.</summary>
    public T? Take()
    {
        lock (_gate)
        {
            return _count > 0 ? _kept[--_count] : null;
        }
    }

    /// <summary>Keeps one that nobody uses any more.</summary>
    public void Return(T item)
    {
        lock (_gate)
        {
            if (_count == capacity)
            {
                return;
            }

            if (_count == _kept.Length)
            {
                Array.Resize(ref _kept, Math.Min(capacity, _count * 2));
            }

            _kept[_count++] = item;
        }
    }
}
