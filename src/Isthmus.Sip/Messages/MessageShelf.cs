// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>Some messages of one kind and size. The latest put is the first taken: its memory is still near.</summary>
internal sealed class MessageShelf(int capacity)
{
    private SipMessage?[] _kept = new SipMessage?[Math.Min(capacity, 16)];
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

            _kept[_count++] = message;
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
            taken = _kept[--_count];
            _kept[_count] = null;
        }

        Volatile.Write(ref _busy, 0);
        return taken;
    }

    // Who finds the shelf busy goes to the next one: nobody waits for a thread that was interrupted here.
    private bool TryEnter() => Interlocked.CompareExchange(ref _busy, 1, 0) == 0;
}
