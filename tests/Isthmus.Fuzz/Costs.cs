// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Isthmus.Fuzz.Targets;

namespace Isthmus.Fuzz;

/// <summary>
/// What reading costs a target. Memory has a fixed bound per octet. Time is held against the median of inputs of the same size and kind, so that a slow or busy
/// machine changes nothing, and against one look at each of its octets, since most bad inputs are refused at their first; an input counts as slow only
/// when it is so each time it is read again.
/// </summary>
internal sealed class Costs
{
    private const int OctetsAllocatedPerOctet = 600;
    private const int OctetsAllocatedAtLeast = 256 * 1024;
    private const int TimesTheMedian = 100;
    private const int TimesALook = 100;
    private const int Repeats = 5;
    private const int Sample = 255;

    private readonly SizeClass[] _good = Classes();
    private readonly SizeClass[] _bad = Classes();

    private long _seen;

    public double MostAllocatedPerOctet { get; private set; }

    /// <summary>Reads the input; says what was too much, else null.</summary>
    public string? Measure(ITarget target, byte[] input)
    {
        long ticks = Time(target, input, out bool isGood, out long allocated);
        SizeClass size = (isGood ? _good : _bad)[BitOperations.Log2((uint)input.Length + 1)];
        MostAllocatedPerOctet = input.Length < 256 ? MostAllocatedPerOctet : Math.Max(MostAllocatedPerOctet, (double)allocated / input.Length);
        if (allocated > OctetsAllocatedAtLeast + ((long)OctetsAllocatedPerOctet * input.Length))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{allocated} octets allocated for {input.Length}");
        }

        for (int i = 0; i < Repeats && size.Median is { } median && IsSlow(ticks, median, input); i++)
        {
            ticks = Math.Min(ticks, Time(target, input, out _, out _));
            if (i == Repeats - 1 && IsSlow(ticks, median, input))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(0, ticks).TotalMilliseconds:0.00} ms where {Stopwatch.GetElapsedTime(0, median).TotalMilliseconds:0.000} ms are usual for {input.Length} octets");
            }
        }

        size.Add(ticks);
        return null;
    }

    private bool IsSlow(long ticks, long median, byte[] input) => ticks > median * TimesTheMedian && ticks > Look(input) * TimesALook;

    private long Look(byte[] input)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (byte octet in input)
        {
            _seen = (_seen * 31) + octet;
        }

        return Math.Max(1, Stopwatch.GetTimestamp() - start);
    }

    private static SizeClass[] Classes() => [.. Enumerable.Range(0, 33).Select(_ => new SizeClass())];

    private static long Time(ITarget target, byte[] input, out bool isGood, out long allocated)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        isGood = target.Read(input);
        long ticks = Stopwatch.GetTimestamp() - start;
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return ticks;
    }

    /// <summary>The last inputs of one size and their median.</summary>
    private sealed class SizeClass
    {
        private readonly long[] _last = new long[Sample];
        private int _count;

        public long? Median { get; private set; }

        public void Add(long ticks)
        {
            _last[_count++ % Sample] = ticks;
            if (_count % Sample == 0)
            {
                long[] sorted = [.. _last];
                Array.Sort(sorted);
                Median = Math.Max(1, sorted[Sample / 2]);
            }
        }
    }
}
