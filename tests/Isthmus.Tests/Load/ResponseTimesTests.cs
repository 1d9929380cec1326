// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Isthmus.Load;

namespace Isthmus.Tests.Load;

public sealed class ResponseTimesTests
{
    [Fact]
    public void Quantile_OfNothing_IsZero() => Assert.Equal(0, new ResponseTimes().Quantile(0.99));

    [Fact]
    public void Quantile_OfSmallTimes_IsExact()
    {
        var times = new ResponseTimes();
        for (int i = 1; i <= 100; i++)
        {
            times.Add(i);
        }

        Assert.Equal(50, times.Quantile(0.5));
        Assert.Equal(99, times.Quantile(0.99));
        Assert.Equal(100, times.Quantile(1));
        Assert.Equal((100, 100), (times.Count, times.Longest));
    }

    [Fact]
    public void Quantile_OfAnyTimes_IsWithinASixtyFourth() =>
        Gen.Long[0, 60_000_000_000].List[1, 200].Sample(all =>
        {
            var times = new ResponseTimes();
            all.ForEach(times.Add);
            long median = all.Order().ElementAt((int)Math.Ceiling(all.Count / 2.0) - 1);
            long said = times.Quantile(0.5);
            Assert.InRange(said, median, median + (median / 64) + 1);
        });

    [Fact]
    public void Add_LongerThanAnyBucket_IsKeptAsTheLongest()
    {
        var times = new ResponseTimes();
        times.Add(long.MaxValue);
        times.Add(-1);
        Assert.Equal(long.MaxValue, times.Longest);
        Assert.Equal(0, times.Quantile(0.5));
    }

    [Fact]
    public void Add_Another_CountsBoth()
    {
        var (one, other) = (new ResponseTimes(), new ResponseTimes());
        one.Add(10);
        other.Add(30);
        one.Add(other);
        Assert.Equal((2, 10, 30), (one.Count, one.Quantile(0.5), one.Longest));
    }
}
