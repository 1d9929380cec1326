// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Transactions that are over, for the next ones: the last one that came is the first to go, for the processor still knows it.</summary>
internal sealed class TransactionPool<T>
    where T : Transaction
{
    private const int Limit = 65_536;

    private readonly Lock _lock = new();
    private T? _first;
    private int _count;

    public T? Take()
    {
        lock (_lock)
        {
            if (_first is not { } taken)
            {
                return null;
            }

            _first = (T?)taken.NextInPool;
            taken.NextInPool = null;
            _count--;
            return taken;
        }
    }

    public void Give(T transaction)
    {
        lock (_lock)
        {
            if (_count < Limit)
            {
                transaction.NextInPool = _first;
                _first = transaction;
                _count++;
            }
        }
    }
}
