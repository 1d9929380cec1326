// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>
/// The transactions of a conversation by their numbers. The numbers lie side by side, so that looking for one that is not there, as for every new
/// request, touches no other transaction. Used by the conversation's owner only.
/// </summary>
internal sealed class TransactionMap<T>
    where T : Transaction
{
    private (ulong Key, T? Value)[] _entries = new (ulong, T?)[8];

    public int Count { get; private set; }

    /// <summary>The next transaction with that number; null when there is none.</summary>
    /// <param name="key">The number; it is a hash, or random.</param>
    /// <param name="at">Where to look: -1 for the first time; then as it was left, for another one of the same number.</param>
    public T? Next(ulong key, ref int at)
    {
        at = at < 0 ? Home(key) : Following(at);
        for (; _entries[at].Value is { } value; at = Following(at))
        {
            if (_entries[at].Key == key)
            {
                return value;
            }
        }

        return null;
    }

    public void Add(T transaction)
    {
        if (++Count * 4 > _entries.Length * 3)
        {
            Grow();
        }

        Put(transaction);
    }

    public void Remove(T transaction)
    {
        var at = Home(transaction.Key);
        while (_entries[at].Value != transaction)
        {
            if (_entries[at].Value is null)
            {
                return;
            }

            at = Following(at);
        }

        // Whoever stands behind the gap and may stand nearer to its home moves into it.
        Count--;
        for (var next = Following(at); _entries[next].Value is not null; next = Following(next))
        {
            if (((next - Home(_entries[next].Key)) & (_entries.Length - 1)) >= ((next - at) & (_entries.Length - 1)))
            {
                _entries[at] = _entries[next];
                at = next;
            }
        }

        _entries[at] = default;
    }

    public void Clear()
    {
        Array.Clear(_entries);
        Count = 0;
    }

    /// <summary>All of them, as they are now.</summary>
    public List<T> ToList() => [.. _entries.Where(entry => entry.Value is not null).Select(entry => entry.Value!)];

    private int Home(ulong key) => (int)(key >> 32) & (_entries.Length - 1);

    private int Following(int at) => (at + 1) & (_entries.Length - 1);

    private void Put(T transaction)
    {
        var at = Home(transaction.Key);
        while (_entries[at].Value is not null)
        {
            at = Following(at);
        }

        _entries[at] = (transaction.Key, transaction);
    }

    private void Grow()
    {
        var all = ToList();
        _entries = new (ulong, T?)[_entries.Length * 2];
        all.ForEach(Put);
    }
}
