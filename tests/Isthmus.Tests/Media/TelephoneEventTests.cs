// SPDX-License-Identifier: Apache-2.0
using Isthmus.Media;

namespace Isthmus.Tests.Media;

public sealed class TelephoneEventTests
{
    [Fact]
    public void Sender_OneDigit_StartsUpdatesAndEndsThreeTimes()
    {
        DigitSender sender = new();
        sender.Enqueue('#', TimeSpan.FromMilliseconds(100));
        List<(TelephoneEvent Event, uint Timestamp, bool Marker)> packets = Play(sender, 20);

        Assert.Equal(7, packets.Count); // 5 frames of tone, the last three times
        Assert.Equal([160, 320, 480, 640, 800, 800, 800], packets.Select(packet => (int)packet.Event.Duration));
        Assert.Equal([false, false, false, false, true, true, true], packets.Select(packet => packet.Event.IsEnd));
        Assert.Equal([true, false, false, false, false, false, false], packets.Select(packet => packet.Marker));
        Assert.All(packets, packet => Assert.Equal((11, 1000u), (packet.Event.Code, packet.Timestamp)));
    }

    [Fact]
    public void Sender_TwoDigits_AreApart()
    {
        DigitSender sender = new();
        sender.Enqueue('1', TimeSpan.Zero); // 40 ms at least
        sender.Enqueue('1', TimeSpan.FromHours(1)); // 8 s at most: the duration field holds it
        List<(TelephoneEvent Event, uint Timestamp, bool Marker)> packets = Play(sender, 500);
        Assert.Equal(2, packets.Count(packet => packet.Marker));
        Assert.Equal(4 + 402, packets.Count);
        Assert.Equal(64000, packets[^1].Event.Duration);
        Assert.Equal(1000u + (7 * 160), packets[^1].Timestamp); // 4 packets and 3 frames of audio later
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 7)]
    [InlineData(6, 6)]
    [InlineData(5, 5)]
    public void Receiver_AnyPartOfTheDigit_IsOneDigit(int skip, int twice)
    {
        DigitSender sender = new();
        sender.Enqueue('7', TimeSpan.FromMilliseconds(100));
        sender.Enqueue('7', TimeSpan.FromMilliseconds(100));
        DigitReceiver receiver = new();
        string digits = "";
        int index = 0;
        foreach ((TelephoneEvent telephoneEvent, uint timestamp, bool marker) in Play(sender, 40))
        {
            if (index % 7 >= skip)
                digits += receiver.Received(timestamp, marker, telephoneEvent);
            if (index++ % 7 >= twice)
                digits += receiver.Received(timestamp, marker, telephoneEvent);
        }

        Assert.Equal("77", digits);
    }

    [Fact]
    public void Receiver_OldPacketsAfterANewDigit_AreIgnored()
    {
        DigitReceiver receiver = new();
        Assert.Equal('1', receiver.Received(uint.MaxValue - 100, true, new TelephoneEvent(1, false, 10, 160)));
        Assert.Equal('2', receiver.Received(1000, true, new TelephoneEvent(2, false, 10, 160))); // past the wrap
        Assert.Null(receiver.Received(uint.MaxValue - 100, false, new TelephoneEvent(1, true, 10, 800)));
        Assert.Null(receiver.Received(1000, false, new TelephoneEvent(2, true, 10, 800)));
    }

    [Fact]
    public void Receiver_SegmentsOfALongTone_AreOneDigit()
    {
        DigitReceiver receiver = new();
        Assert.Equal('0', receiver.Received(0, true, new TelephoneEvent(0, false, 10, 160)));
        Assert.Null(receiver.Received(0, false, new TelephoneEvent(0, false, 10, 65535)));
        Assert.Null(receiver.Received(65535, false, new TelephoneEvent(0, false, 10, 160)));
        Assert.Equal('0', receiver.Received(65535 + 8000, true, new TelephoneEvent(0, false, 10, 160)));
    }

    [Fact]
    public void Receiver_EventsThatAreNoDigits_AreSilent()
    {
        DigitReceiver receiver = new();
        Assert.Null(receiver.Received(0, true, new TelephoneEvent(16, false, 10, 160))); // hook flash
        Assert.False(TelephoneEvent.TryParse([1, 2, 3], out _));
    }

    private static List<(TelephoneEvent Event, uint Timestamp, bool Marker)> Play(DigitSender sender, int frames)
    {
        List<(TelephoneEvent, uint, bool)> packets = [];
        byte[] payload = new byte[TelephoneEvent.Length];
        for (uint i = 0; i < frames; i++)
        {
            if (!sender.TryNext(1000 + (i * 160), out TelephoneEvent written, out uint timestamp, out bool marker))
                continue;
            written.Write(payload);
            Assert.True(TelephoneEvent.TryParse(payload, out TelephoneEvent read));
            packets.Add((read, timestamp, marker));
        }

        return packets;
    }
}
