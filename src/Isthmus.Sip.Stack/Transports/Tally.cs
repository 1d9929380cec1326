// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Some counts that many threads add to. Threads have different cache lines, so that counting does not slow them down; reading adds up.</summary>
internal sealed class Tally(int kinds)
{
    private const int Stripes = 8;
    private const int Line = 8; // longs in a cache line

    private readonly int _stride = (kinds + Line + Line - 1) / Line * Line;
    private readonly long[] _counts = new long[(Stripes + 1) * ((kinds + Line + Line - 1) / Line * Line)];

    public long this[int kind]
    {
        get
        {
            long sum = 0;
            for (var stripe = 0; stripe < Stripes; stripe++)
            {
                sum += Volatile.Read(ref _counts[(stripe * _stride) + kind]);
            }
            return sum;
        }
    }

    public void Count(int kind) => Interlocked.Increment(ref _counts[((Environment.CurrentManagedThreadId & (Stripes - 1)) * _stride) + kind]);
}
