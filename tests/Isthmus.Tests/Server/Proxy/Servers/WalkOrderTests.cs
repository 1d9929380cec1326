// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Time.Testing;

namespace Isthmus.Tests.Server;

public sealed class WalkOrderTests
{
    private readonly TargetHealth _health = new(new TargetHealthOptions(), new FakeTimeProvider());

    [Theory]
    [InlineData("a6 a4", "a6 a4")]
    [InlineData("a4", "a4")]
    [InlineData("a6 b6 a4 b4", "a6 a4 b6 b4")] // of one priority: the versions in turn
    [InlineData("a4 b4 c4 a6", "a4 a6 b4 c4")]
    [InlineData("c6 d6 a6 a4", "a6 a4 c6 d6")] // c and d have a lower priority
    [InlineData("a6! a4 c6 c4", "a4 c6 c4 a6")] // bad ones last
    [InlineData("a6! a4! c6! c4!", "a6 a4 c6 c4")]
    public void Of_Targets_PrioritiesThenVersionsInTurnAndBadOnesLast(string located, string order)
    {
        List<LocatedTarget> targets = [];
        foreach (string name in located.Split(' '))
        {
            var target = new LocatedTarget(
                SipTransport.Udp,
                IPEndPoint.Parse(name[1] == '6' ? $"[2001:db8::{name[0]}]:5060" : $"192.0.2.{name[0] - 'a'}:5060"),
                name[..1],
                name[0] - 'a' < 2 ? 0 : 1,
                TimeSpan.MaxValue);
            targets.Add(target);
            if (name.EndsWith('!'))
            {
                _health.Failed(target.Transport, target.EndPoint);
            }
        }

        Assert.Equal(order, string.Join(' ', WalkOrder.Of(targets, _health).Select(target => target.HostName + (target.Version == IpVersion.V6 ? "6" : "4"))));
    }
}
