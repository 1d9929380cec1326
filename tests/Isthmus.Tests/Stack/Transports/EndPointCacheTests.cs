// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>The caches of endpoints and flows: always right, and the same object for whoever comes often.</summary>
public sealed class EndPointCacheTests
{
    private static IEnumerable<IPEndPoint> Remotes(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return new IPEndPoint(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), 5060 + (i % 3));
            yield return new IPEndPoint(new IPAddress([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)(i >> 8), (byte)i]), 5060);
            yield return new IPEndPoint(new IPAddress([0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], i + 1), 5060);
        }
    }

    private static byte[] Native(IPEndPoint endPoint)
    {
        var native = new byte[NativeEndPoint.Size6];
        return native[..NativeEndPoint.Write(endPoint, native)];
    }

    [Fact]
    public void Find_ThousandsOfEndPoints_IsAlwaysRight()
    {
        var cache = new EndPointCache();
        for (var round = 0; round < 3; round++)
        {
            Assert.All(Remotes(4000), remote => Assert.Equal(remote, cache.Find(Native(remote))));
        }
    }

    [Fact]
    public void Find_AgainSoon_IsTheSameObject()
    {
        var cache = new EndPointCache();
        Assert.All(Remotes(200), remote => Assert.Same(cache.Find(Native(remote)), cache.Find(Native(remote))));
        Assert.Null(cache.Find(new byte[NativeEndPoint.Size4]));
        Assert.Null(cache.Find([1, 0, 47]));
    }

    [Fact]
    public void Flow_OfThousandsOfRemotesAndTwoLocals_IsAlwaysRight()
    {
        var listener = new Listener(new ListenerOptions { Transport = SipTransport.Udp, Address = IPAddress.Any, Port = 5060 });
        var cache = new FlowCache(listener);
        IPAddress[] locals = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2")];
        for (var round = 0; round < 3; round++)
        {
            foreach (var remote in Remotes(4000))
            {
                foreach (var local in locals)
                {
                    var flow = cache.Find(remote, local);
                    Assert.Equal((remote, new IPEndPoint(local, 5060)), (flow.Remote, flow.Local));
                    Assert.Same(flow, cache.Find(new IPEndPoint(remote.Address, remote.Port), local));
                }
            }
        }
    }
}
