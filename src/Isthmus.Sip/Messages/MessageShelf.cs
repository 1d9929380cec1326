// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>Some messages of one kind and size. The latest put is the first taken: its memory is still near.</summary>
internal sealed class MessageShelf(int capacity)
{
    private Place[] _kept = new Place[Math.Min(capacity, 16)];
    private int _count;
    private int _busy;

    public bool TryPut(SipMessage message)
    {
        if (Volatile.Read(ref _count) >= capacity || !TryEnter())
        {
            return false;
        }

        bool fits = _count < capacity;
        if (fits)
        {
            if (_count == _kept.Length)
            {
                Array.Resize(ref _kept, Math.Min(capacity, _count * 2));
            }

            _kept[_count++] = new(message);
        }

        Volatile.Write(ref _busy, 0);
        return fits;
    }

    public SipMessage? TryTake()
    {
        if (Volatile.Read(ref _count) == 0 || !TryEnter())
        {
            return null;
        }

        SipMessage? taken = null;
        if (_count > 0)
        {
            taken = _kept[--_count].Message;
            _kept[_count] = default;
        }

        Volatile.Write(ref _busy, 0);
        return taken;
    }

    // Who finds the shelf busy goes to the next one: nobody waits for a thread that was interrupted here.
    private bool TryEnter() => Interlocked.CompareExchange(ref _busy, 1, 0) == 0;

    /// <summary>A message in an array that needs no look at its type when one is put there.</summary>
    private readonly record struct Place(SipMessage? Message);
}
