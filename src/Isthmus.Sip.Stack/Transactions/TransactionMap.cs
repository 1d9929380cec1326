// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>The transactions of a conversation by their numbers. The links are in the transactions; used by the conversation's owner only.</summary>
internal sealed class TransactionMap<T>
    where T : Transaction
{
    private T?[] _buckets = new T?[4];

    public int Count { get; private set; }

    /// <summary>The first with that number, or the next one after <paramref name="previous"/>; null when there is none.</summary>
    public T? Find(ulong key, T? previous = null)
    {
        var found = previous is null ? BucketOf(key) : Next(previous);
        while (found is not null && found.Key != key)
        {
            found = Next(found);
        }

        return found;
    }

    public void Add(T transaction)
    {
        if (Count >= _buckets.Length)
        {
            Grow();
        }

        ref var bucket = ref BucketOf(transaction.Key);
        transaction.NextInMap = bucket;
        bucket = transaction;
        Count++;
    }

    public void Remove(T transaction)
    {
        ref var bucket = ref BucketOf(transaction.Key);
        if (bucket == transaction)
        {
            bucket = Next(transaction);
            Count--;
        }
        else
        {
            for (var before = bucket; before is not null; before = Next(before))
            {
                if (Next(before) == transaction)
                {
                    before.NextInMap = transaction.NextInMap;
                    Count--;
                    break;
                }
            }
        }

        transaction.NextInMap = null;
    }

    /// <summary>All of them, as they are now.</summary>
    public List<T> ToList()
    {
        var all = new List<T>(Count);
        foreach (var bucket in _buckets)
        {
            for (var transaction = bucket; transaction is not null; transaction = Next(transaction))
            {
                all.Add(transaction);
            }
        }

        return all;
    }

    private static T? Next(T transaction) => (T?)transaction.NextInMap;

    private ref T? BucketOf(ulong key) => ref _buckets[(int)(key ^ (key >> 32)) & (_buckets.Length - 1)];

    private void Grow()
    {
        var all = ToList();
        _buckets = new T?[_buckets.Length * 2];
        foreach (var transaction in all)
        {
            ref var bucket = ref BucketOf(transaction.Key);
            transaction.NextInMap = bucket;
            bucket = transaction;
        }
    }
}
