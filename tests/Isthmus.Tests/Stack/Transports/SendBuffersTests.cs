// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Transports;

public sealed class SendBuffersTests
{
    [Fact]
    public void Rent_WhatWasReturned_ComesAgain_AsManyAsAreKept()
    {
        var buffers = new SendBuffers(100);
        byte[][] first = [.. Enumerable.Range(0, 150).Select(_ => buffers.Rent(1000))];
        Assert.All(first, array => Assert.Equal(SendBuffers.Usual, array.Length));
        foreach (byte[] array in first)
        {
            buffers.Return(array);
        }

        byte[][] again = [.. Enumerable.Range(0, 150).Select(_ => buffers.Rent(SendBuffers.Usual))];
        Assert.Equal(150, again.Distinct().Count());
        Assert.Equal(first[..100].Reverse(), again[..100]);
        Assert.Empty(first[100..].Intersect(again));
    }

    [Fact]
    public void Append_MoreThanAnArrayHolds_KeepsTheOrder()
    {
        var buffer = new SendBuffer(new SendBuffers(4));
        var expected = new StringBuilder();
        for (int i = 0; i < 2000; i++)
        {
            buffer.Append(Encoding.ASCII.GetBytes($"{i},"));
            expected.Append(i).Append(',');
        }

        buffer.Advance(10);
        Assert.Equal(expected.ToString()[10..], Encoding.ASCII.GetString(buffer.Waiting));
        buffer.Advance(buffer.Count);
        buffer.Append("again"u8);
        Assert.Equal("again"u8.ToArray(), buffer.Waiting.ToArray());
    }
}
