// SPDX-License-Identifier: Apache-2.0
using Isthmus.Media;

namespace Isthmus.Tests.Media;

public sealed class SequenceTrackerTests
{
    [Fact]
    public void Update_Probation_TwoInSequenceMakeItValid()
    {
        SequenceTracker tracker = new(10);
        Assert.Equal(SequenceVerdict.Probation, tracker.Update(10));
        Assert.Equal(SequenceVerdict.Probation, tracker.Update(20));
        Assert.False(tracker.IsValid);
        Assert.Equal(SequenceVerdict.Valid, tracker.Update(21));
        Assert.True(tracker.IsValid);
        Assert.Equal(1, tracker.Received);
        Assert.Equal(1, tracker.Expected);
    }

    [Fact]
    public void Update_WrapAround_CountsACycle()
    {
        SequenceTracker tracker = Valid(65533);
        for (int i = 65534; i < 65540; i++)
            Assert.Equal(SequenceVerdict.Valid, tracker.Update((ushort)i));
        Assert.Equal(65536u + 3, tracker.ExtendedHighest);
        Assert.Equal(0, tracker.CumulativeLost);
        Assert.Equal(7, tracker.Received);
    }

    [Fact]
    public void Update_LossReorderDuplicate_AreToldApart()
    {
        SequenceTracker tracker = Valid(100);
        tracker.Update(101);
        tracker.Update(104);
        Assert.Equal(2, tracker.Missing);
        Assert.Equal(SequenceVerdict.Reordered, tracker.Update(103));
        Assert.Equal(SequenceVerdict.Duplicate, tracker.Update(103));
        Assert.Equal(SequenceVerdict.Duplicate, tracker.Update(104));
        Assert.Equal(2, tracker.Duplicates);
        Assert.Equal(1, tracker.Missing);
        Assert.Equal(-1, tracker.CumulativeLost); // RFC 3550: duplicates count as received
    }

    [Fact]
    public void Update_ReorderAcrossTheWrap_IsNoLoss()
    {
        SequenceTracker tracker = Valid(65534);
        tracker.Update(0);
        Assert.Equal(SequenceVerdict.Reordered, tracker.Update(65535));
        Assert.Equal(0, tracker.CumulativeLost);
        Assert.Equal(65536u, tracker.ExtendedHighest);
    }

    [Fact]
    public void Update_Jump_IsStrayOnceAndARestartTwice()
    {
        SequenceTracker tracker = Valid(100);
        tracker.Update(102);
        Assert.Equal(SequenceVerdict.Stray, tracker.Update(30000));
        Assert.Equal(SequenceVerdict.Valid, tracker.Update(103));
        Assert.Equal(SequenceVerdict.Stray, tracker.Update(40000));
        Assert.Equal(SequenceVerdict.Restarted, tracker.Update(40001));
        Assert.Equal(40001u, tracker.ExtendedHighest);
        Assert.Equal(1, tracker.Missing); // what was lost before stays lost
    }

    [Fact]
    public void TakeFractionLost_IsSinceTheLastReport()
    {
        SequenceTracker tracker = Valid(0);
        for (ushort i = 1; i < 100; i++)
        {
            if (i % 4 != 0)
                tracker.Update(i);
        }

        Assert.Equal((100 - 76) * 256 / 100, tracker.TakeFractionLost());
        for (ushort i = 100; i < 200; i++)
            tracker.Update(i);
        Assert.Equal(0, tracker.TakeFractionLost());
        Assert.Equal(24, tracker.CumulativeLost);
        Assert.Equal(0, tracker.TakeFractionLost());
    }

    [Fact]
    public void Jitter_AlternatingTransit_ConvergesToTheMeanDifference()
    {
        JitterEstimator jitter = default;
        for (uint i = 0; i < 1000; i++)
            jitter.Update((i * 160) + (i % 2 * 80), i * 160);
        Assert.InRange(jitter.Jitter, 78u, 80u);

        JitterEstimator steady = default;
        for (uint i = 0; i < 100; i++)
            steady.Update(uint.MaxValue - 500 + (i * 160), i * 160);
        Assert.Equal(0u, steady.Jitter);
    }

    private static SequenceTracker Valid(ushort first)
    {
        SequenceTracker tracker = new(first, minSequential: 1);
        Assert.Equal(SequenceVerdict.Valid, tracker.Update(first));
        return tracker;
    }
}
