// SPDX-License-Identifier: Apache-2.0
using Isthmus.Media;

namespace Isthmus.Tests.Media;

public sealed class LossyNetworkTests
{
    private static readonly TimeSpan[] Lost = [];
    private static readonly TimeSpan[] AtOnce = [TimeSpan.Zero];

    [Fact]
    public void Loss_OneInTen_IsCountedReportedAndConcealed()
    {
        using MediaCall call = new();
        int packets = 0;
        int lost = 0;
        call.Network.Fate = (from, datagram) =>
        {
            if (MemoryMedia.IsRtcp(datagram) || !from.Equals(call.A.Session.LocalRtp) || ++packets % 10 != 5)
                return AtOnce;
            lost++;
            return Lost;
        };

        call.Run(30);

        MediaStatistics b = call.B.Statistics;
        Assert.Equal(1500 - lost, b.Received.Packets);
        Assert.Equal(lost, b.Received.Lost);
        Assert.InRange(b.Received.LossFraction, 0.099, 0.101);
        Assert.Equal(lost, b.Concealed);
        Assert.True(call.B.Ear.Heard!.Value.FrequencyHz is > 430 and < 450);

        StreamStatistics reported = call.A.Statistics.Sent;
        Assert.True(reported.HasReport);
        Assert.InRange(reported.LossFraction, 0.08, 0.12); // of one interval of some 250 packets, in 1/256
        Assert.InRange(reported.Lost, 100, lost);
        Assert.Equal(0, call.B.Statistics.Sent.Lost);
    }

    [Fact]
    public void Duplication_EveryPacketTwice_IsHeardOnce()
    {
        using MediaCall call = new();
        call.Network.Fate = (_, _) => [TimeSpan.Zero, TimeSpan.FromMilliseconds(10)];

        call.Run(3);

        MediaStatistics b = call.B.Statistics;
        Assert.InRange(b.Duplicates, 148, 150);
        Assert.Equal(0, b.Received.Lost);
        Assert.Equal(0, b.Late);
        Assert.Equal(0, b.Concealed);
        Assert.True(call.B.Ear.Heard!.Value.IsTone(440));
        Assert.InRange(call.B.Ear.CleanWindows, 13, 15);
    }

    [Fact]
    public void Reordering_WithinTheBuffer_IsPutRight()
    {
        using MediaCall call = new();
        int packets = 0;
        call.Network.Fate = (_, _) => [TimeSpan.FromMilliseconds(++packets % 4 < 2 ? 25 : 0)];

        call.Run(4);

        MediaStatistics b = call.B.Statistics;
        Assert.Equal(0, b.Received.Lost);
        Assert.True(b.Received.Jitter > TimeSpan.Zero);
        Assert.True(call.B.Ear.Latest!.Value.IsTone(440));
        Assert.InRange(b.Late + b.Concealed, 0, 4); // until the delay has grown
    }

    [Fact]
    public void Jitter_UpTo80Milliseconds_TheDelayGrowsUntilNothingIsLate()
    {
        using MediaCall call = new();
        Random random = new(1);
        call.Network.Fate = (_, _) => [TimeSpan.FromMilliseconds(random.Next(0, 17) * 5)];

        call.Run(5);
        long late = call.B.Statistics.Late;
        call.Run(10);

        MediaStatistics b = call.B.Statistics;
        Assert.Equal(0, b.Received.Lost);
        Assert.InRange(b.Late - late, 0, 10);
        Assert.InRange(b.Received.Jitter.TotalMilliseconds, 10, 60);
        Assert.True(call.B.Ear.Heard!.Value.FrequencyHz is > 435 and < 445);
    }

    [Fact]
    public void RoundTrip_KnownDelay_IsMeasuredOnBothSides()
    {
        using MediaCall call = new();
        call.Network.Fate = (from, _) => [TimeSpan.FromMilliseconds(from.Port == call.A.Session.LocalRtcp.Port ? 30 : 50)];

        call.Run(25);

        Assert.InRange(call.A.Statistics.RoundTrip!.Value.TotalMilliseconds, 79, 86); // the steps of the clock are 5 ms
        Assert.InRange(call.B.Statistics.RoundTrip!.Value.TotalMilliseconds, 79, 86);
        Assert.Equal(0, call.A.Statistics.Received.Lost);
    }

    [Fact]
    public void Reports_Spacing_IsRandomAroundFiveSeconds()
    {
        using MediaCall call = new();
        List<TimeSpan> times = [];
        call.Network.Fate = (from, datagram) =>
        {
            if (MemoryMedia.IsRtcp(datagram) && from.Equals(call.A.Session.LocalRtcp))
                times.Add(call.Network.Now);
            return AtOnce;
        };

        call.Run(120);

        // RFC 3550 §6.2 and §6.3: 0.5 to 1.5 of the interval, over e - 3/2; reconsideration draws the mean back to 5 s.
        Assert.InRange(times[0].TotalSeconds, 1, 3.2);
        double[] gaps = [.. times.Zip(times.Skip(1), (first, second) => (second - first).TotalSeconds)];
        Assert.All(gaps, gap => Assert.InRange(gap, 2, 6.3));
        Assert.InRange(gaps.Average(), 3.5, 6);
        Assert.True(gaps.Distinct().Count() > 5);
    }

    [Fact]
    public void Digits_HalfOfThePacketsLostAndTheRestTwice_EachIsHeardOnce()
    {
        using MediaCall call = new();
        call.Run(0.5);
        int packets = 0;
        call.Network.Fate = (from, datagram) =>
            from.Equals(call.A.Session.LocalRtp) && ++packets % 2 == 0 ? Lost : [TimeSpan.Zero, TimeSpan.FromMilliseconds(25)];

        Assert.True(call.A.Session.SendDigits("1122*#a0"));
        call.Run(4);

        Assert.Equal("1122*#A0", call.B.Digits);
    }

    [Fact]
    public void Digits_AudioAroundThem_GoesOn()
    {
        using MediaCall call = new();
        call.Run(1);
        Assert.True(call.A.Session.SendDigits("5"));
        call.Run(1.5);
        Assert.Equal("5", call.B.Digits);
        Assert.True(call.B.Ear.Latest!.Value.IsTone(440));
        Assert.Equal(0, call.B.Statistics.Received.Lost);
        Assert.Equal(TimeSpan.Zero, call.B.Statistics.Received.Jitter);
    }

    [Fact]
    public void SendDigits_WhatCannotBeSent_IsRefusedWhole()
    {
        using MediaCall call = new(start: false);
        Assert.False(call.A.Session.SendDigits("1")); // not started
        call.Start();
        Assert.False(call.A.Session.SendDigits("12x"));
        Assert.False(call.A.Session.SendDigits(new string('1', 33)));
        Assert.True(call.A.Session.SendDigits(new string('1', 32)));
        Assert.False(call.A.Session.SendDigits("1")); // 32 wait
        call.B.Session.Update(call.Towards(call.A) with { SendTelephoneEvent = null });
        Assert.False(call.B.Session.SendDigits("1"));
    }
}
