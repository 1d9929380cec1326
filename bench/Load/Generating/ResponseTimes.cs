// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Isthmus.Load;

/// <summary>Counts times in buckets that are at most 1/64 of their value wide, up to 68 s; longer ones fall into the last.</summary>
internal sealed class ResponseTimes
{
    private const int PrecisionBits = 6;
    private const int Steps = 1 << PrecisionBits;
    private const int Powers = 31;

    private readonly long[] _counts = new long[Steps * Powers];

    /// <summary>How many were added.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, in nanoseconds.</summary>
    public long Longest { get; private set; }

    /// <param name="nanoseconds">Negative ones count as 0.</param>
    public void Add(long nanoseconds)
    {
        nanoseconds = Math.Max(nanoseconds, 0);
        Count++;
        Longest = Math.Max(Longest, nanoseconds);
        _counts[Math.Min(BucketOf(nanoseconds), _counts.Length - 1)]++;
    }

    /// <summary>Adds all that another one counted.</summary>
    public void Add(ResponseTimes other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        Longest = Math.Max(Longest, other.Longest);
    }

    /// <summary>The time, in nanoseconds, that <paramref name="share"/> (0 to 1) of all do not exceed, rounded up to its bucket's end; 0 when there are none.</summary>
    public long Quantile(double share)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
            {
                return Math.Min(EndOf(i), Longest);
            }
        }

        return 0;
    }

    private static int BucketOf(long value)
    {
        int power = Math.Max(BitOperations.Log2((ulong)value | 1) - PrecisionBits, 0);
        return (power * Steps) + (int)(value >> power);
    }

    private static long EndOf(int bucket)
    {
        int power = Math.Max((bucket / Steps) - 1, 0);
        long step = bucket - (power * Steps);
        return ((step + 1) << power) - 1;
    }
}
