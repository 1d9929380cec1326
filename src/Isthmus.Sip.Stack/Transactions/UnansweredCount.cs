// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>How many transactions wait for a final response, or for its ACK; and whether there shall be no more. Safe from any thread.</summary>
internal sealed class UnansweredCount
{
    private int _count;
    private volatile bool _isDraining;
    private Action? _drained;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether new calls are refused.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>From now on new calls are refused; <paramref name="drained"/> is called once everything that waits for an answer has it.</summary>
    public void Drain(Action drained)
    {
        _drained += drained;
        _isDraining = true;
        if (Count == 0)
        {
            Drained();
        }
    }

    /// <summary>Counts a transaction, or counts it no more.</summary>
    /// <param name="isCounted">Whether it is counted; the transaction's own note of that.</param>
    /// <param name="waits">Whether it waits now.</param>
    public void Note(ref bool isCounted, bool waits)
    {
        if (isCounted == waits)
        {
            return;
        }

        isCounted = waits;
        if (Interlocked.Add(ref _count, waits ? 1 : -1) == 0 && _isDraining)
        {
            Drained();
        }
    }

    private void Drained() => Interlocked.Exchange(ref _drained, null)?.Invoke();
}
