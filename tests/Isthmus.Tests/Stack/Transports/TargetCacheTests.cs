// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>The cache of targets: always right, and the same object for a place that is asked for often.</summary>
public sealed class TargetCacheTests
{
    private readonly TargetCache _cache = new();

    private static IPEndPoint Place(int number) => number % 2 == 0
        ? new IPEndPoint(new IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]), 5060)
        : new IPEndPoint(new IPAddress([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)(number >> 16), (byte)(number >> 8), (byte)number]), 5062);

    [Fact]
    public void Find_TensOfThousandsOfPlaces_IsAlwaysRight()
    {
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 60_000; i++)
            {
                Assert.Equal(Place(i), _cache.Of(SipTransport.Udp, Place(i)).EndPoint);
                Assert.Equal(Place(i), ByText(Place(i)).EndPoint);
            }
        }
    }

    [Fact]
    public void Find_TenThousandPlacesInTurn_AreTheSameObjectsNearlyAlways()
    {
        const int Count = 10_000;
        Target[] before = [];
        int same = 0;
        for (int round = 0; round < 4; round++)
        {
            Target[] now = [.. Enumerable.Range(0, Count).SelectMany(i => (Target[])[_cache.Of(SipTransport.Udp, Place(i)), ByText(Place(i))])];
            same = now.Zip(before).Count(pair => ReferenceEquals(pair.First, pair.Second));
            before = now;
        }

        Assert.InRange(same, 2 * Count * 0.97, 2 * Count); // the table has grown to what it needs
    }

    [Fact]
    public void Find_OtherTransportOrPort_IsAnother()
    {
        IPEndPoint place = Place(0);
        Assert.NotEqual(_cache.Of(SipTransport.Udp, place), _cache.Of(SipTransport.Tcp, place));
        Assert.NotEqual(_cache.Of(SipTransport.Udp, place), _cache.Of(SipTransport.Udp, new IPEndPoint(place.Address, 5061)));
        Assert.NotEqual(_cache.Of(SipTransport.Udp, new IPEndPoint(IPAddress.Parse("fe80::1%1"), 5060)), _cache.Of(SipTransport.Udp, new IPEndPoint(IPAddress.Parse("fe80::1%2"), 5060)));
        Assert.True(_cache.TryFind(SipTransport.Udp, "[2001:db8::7]"u8, 5060, out Target? six));
        Assert.True(_cache.TryFind(SipTransport.Udp, "2001:db8::7"u8, 5060, out Target? bare));
        Assert.Equal(six, bare);
    }

    [Theory]
    [InlineData("host.example", 5060)]
    [InlineData("", 5060)]
    [InlineData("192.0.2.7", 0)]
    [InlineData("192.0.2.7", 65536)]
    public void TryFind_NoAddressOrNoPort_IsFalse(string host, int port)
    {
        Assert.False(_cache.TryFind(SipTransport.Udp, Encoding.ASCII.GetBytes(host), port, out Target? target));
        Assert.Null(target);
    }

    private Target ByText(IPEndPoint place) => _cache.TryFind(SipTransport.Udp, Encoding.ASCII.GetBytes(place.Address.ToString()), place.Port, out Target? target) ? target : throw new InvalidOperationException();
}
