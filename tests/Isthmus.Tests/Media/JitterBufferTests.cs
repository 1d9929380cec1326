// SPDX-License-Identifier: Apache-2.0
using Isthmus.Media;

namespace Isthmus.Tests.Media;

public sealed class JitterBufferTests
{
    private readonly JitterBuffer _buffer = new(new JitterBufferOptions());
    private readonly short[] _frame = new short[AudioFrame.Samples];

    [Fact]
    public void Take_Empty_IsSilence()
    {
        Take();
        Assert.All(_frame, sample => Assert.Equal(0, sample));
        Assert.Equal(0, _buffer.Concealed);
    }

    [Fact]
    public void Take_InOrder_IsDelayedByTheMinimumAndWhole()
    {
        List<short> heard = [];
        for (int i = 0; i < 10; i++)
        {
            Put(i);
            heard.Add(Take());
        }

        Assert.Equal([0, 100, 101, 102, 103, 104, 105, 106, 107, 108], heard);
        Assert.Equal(0, _buffer.Concealed);
    }

    [Fact]
    public void Put_WrongOrder_IsPutRight()
    {
        Put(1);
        Assert.Equal(Arrival.InTime, Put(0));
        Put(3);
        Put(2);
        Assert.Equal([100, 101, 102, 103], [Take(), Take(), Take(), Take()]);
        Assert.Equal(0, _buffer.Concealed);
    }

    [Fact]
    public void Put_DuplicateAndLate_AreToldApart()
    {
        Put(0);
        Put(1);
        Assert.Equal(Arrival.Duplicate, Put(1));
        Take();
        Assert.Equal(Arrival.Late, Put(0));
    }

    [Fact]
    public void Take_Gap_IsFilledFading_ThenSilence()
    {
        Put(0);
        Put(1);
        Take();
        Take();
        List<short> heard = [];
        for (int i = 0; i < 6; i++)
            heard.Add(Take());
        Assert.Equal([50, 25, 12, 0, 0, 0], heard);
        Assert.Equal(3, _buffer.Concealed);
    }

    [Fact]
    public void Put_AfterSilence_StartsAnew()
    {
        Put(0);
        Put(1);
        for (int i = 0; i < 10; i++)
            Take();
        Put(500);
        Put(501);
        Assert.Equal(600, Take());
        Assert.Equal(601, Take());
    }

    [Fact]
    public void Put_ClockJumpsBack_IsFollowed()
    {
        for (int i = 1000; i < 1010; i++)
        {
            Put(i);
            Take();
        }

        int heard = 0;
        for (int i = 0; i < 20; i++)
        {
            Put(i);
            if (Take() >= 100 + i - 3 && _frame[0] <= 100 + i)
                heard++;
        }

        Assert.InRange(heard, 7, 12);
    }

    [Fact]
    public void Put_ABurst_StaysBounded()
    {
        for (int i = 0; i < 1000; i++)
            Put(i);
        Assert.InRange(_buffer.Depth, TimeSpan.Zero, TimeSpan.FromMilliseconds(512));
        Assert.Equal(Arrival.Duplicate, _buffer.Put(0, new short[JitterBuffer.LongestPacket + 1], 0)); // refused
    }

    [Fact]
    public void Take_FasterSender_TheDelayDoesNotGrow()
    {
        int sent = 0;
        for (int i = 0; i < 2000; i++)
        {
            Put(sent++);
            if (i % 100 == 0)
                Put(sent++);
            Take();
        }

        Assert.InRange(_buffer.Depth, TimeSpan.Zero, TimeSpan.FromMilliseconds(120));
    }

    [Fact]
    public void Put_LongAndShortPackets_AreOneStream()
    {
        short[] samples = [.. Enumerable.Range(0, 960).Select(i => (short)i)];
        _buffer.Put(0, samples.AsSpan(0, 480), 0);
        _buffer.Put(480, samples.AsSpan(480, 80), 0);
        _buffer.Put(560, samples.AsSpan(560, 400), 0);
        List<short> heard = [];
        for (int i = 0; i < 6; i++)
        {
            _buffer.Take(_frame);
            heard.AddRange(_frame);
        }

        Assert.Equal(samples, heard);
    }

    private Arrival Put(int number)
    {
        short[] samples = new short[AudioFrame.Samples];
        Array.Fill(samples, (short)(100 + number));
        return _buffer.Put((uint)(uint.MaxValue - 500 + (number * 160L)), samples, 0);
    }

    private short Take()
    {
        _buffer.Take(_frame);
        return _frame[0];
    }
}
