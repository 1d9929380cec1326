// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Server;

public sealed class TargetQueueTests
{
    [Fact]
    public void Next_EqualQ_TogetherAndHigherFirst()
    {
        var queue = Queue([Target(1, 0.5), Target(2, 1), Target(3, 0.5), Target(4, 0.1)], 60);
        Assert.Equal([2], Ports(queue.Next()));
        Assert.Equal([1, 3], Ports(queue.Next()));
        Assert.False(queue.IsEmpty);
        Assert.Equal([4], Ports(queue.Next()));
        Assert.True(queue.IsEmpty);
        Assert.True(queue.Next().IsEmpty);
    }

    [Fact]
    public void Next_MoreThanMayForkAtOnce_InParts()
    {
        var queue = Queue([Target(1, 1), Target(2, 1), Target(3, 1)], 2);
        Assert.Equal([1, 2], Ports(queue.Next()));
        Assert.Equal([3], Ports(queue.Next()));
    }

    [Fact]
    public void Next_MoreThanAreTriedAtAll_TheBestOnly()
    {
        var queue = Queue([Target(1, 0.5), Target(2, 1), Target(3, 0.5)], 60, most: 2);
        Assert.Equal([2], Ports(queue.Next()));
        Assert.Equal([1], Ports(queue.Next()));
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public void Clear_LeavesNothing()
    {
        var queue = Queue([Target(1, 1)], 2);
        queue.Clear();
        Assert.True(queue.Next().IsEmpty);
    }

    [Theory]
    [InlineData(60, 1)]
    [InlineData(60, 7)]
    [InlineData(5, 5)]
    public void ShareOf_AllBranches_AddUpAndNoneIsEmpty(int total, int count)
    {
        int[] shares = [.. Enumerable.Range(0, count).Select(i => Breadth.ShareOf(total, i, count))];
        Assert.Equal(total, shares.Sum());
        Assert.All(shares, share => Assert.True(share > 0));
    }

    private static TargetQueue Queue(List<ProxyTarget> targets, int mostAtOnce, int most = int.MaxValue)
    {
        var queue = new TargetQueue();
        queue.Fill(targets, mostAtOnce, most);
        return queue;
    }

    private static ProxyTarget Target(int port, double q) => new() { NextHop = new Target(SipTransport.Udp, new IPEndPoint(IPAddress.Loopback, port)), Q = q };

    private static IEnumerable<int> Ports(ReadOnlySpan<ProxyTarget> targets) => targets.ToArray().Select(t => t.NextHop.EndPoint.Port);
}
