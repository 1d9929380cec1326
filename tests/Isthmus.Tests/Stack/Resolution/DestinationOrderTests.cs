// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Resolution;

/// <summary>The examples of RFC 6724 §10.2, as far as destinations go and rule 9 is not needed, and what else the rules say.</summary>
public sealed class DestinationOrderTests
{
    [Theory]
    [InlineData("2001:db8:1::1 198.51.100.121", "2001:db8:1::1=2001:db8:1::2 198.51.100.121=169.254.13.78", "2001:db8:1::1 198.51.100.121")] // matching scope
    [InlineData("2001:db8:1::1 198.51.100.121", "2001:db8:1::1=fe80::1 198.51.100.121=198.51.100.117", "198.51.100.121 2001:db8:1::1")] // matching scope
    [InlineData("2001:db8:1::1 10.1.2.3", "2001:db8:1::1=2001:db8:1::2 10.1.2.3=10.1.2.4", "2001:db8:1::1 10.1.2.3")] // higher precedence
    [InlineData("10.1.2.3 2001:db8:1::1", "2001:db8:1::1=2001:db8:1::2 10.1.2.3=10.1.2.4", "2001:db8:1::1 10.1.2.3")]
    [InlineData("2002:c633:6401::1 2001:db8:1::1", "2001:db8:1::1=2002:c633:6401::2 2002:c633:6401::1=2002:c633:6401::2", "2002:c633:6401::1 2001:db8:1::1")] // matching label
    [InlineData("2001:db8:1::1 192.0.2.1", "192.0.2.1=192.0.2.2", "192.0.2.1 2001:db8:1::1")] // no way
    [InlineData("fd00::1 192.0.2.1", "fd00::1=2001:db8::2 192.0.2.1=192.0.2.2", "192.0.2.1 fd00::1")] // a unique local address from a global one
    [InlineData("fd00::1 192.0.2.1", "fd00::1=fd00::2 192.0.2.1=192.0.2.2", "192.0.2.1 fd00::1")] // precedence 3 against 35
    [InlineData("192.0.2.3 192.0.2.1 192.0.2.2", "192.0.2.1=192.0.2.9 192.0.2.2=192.0.2.9 192.0.2.3=192.0.2.9", "192.0.2.3 192.0.2.1 192.0.2.2")] // as they came
    [InlineData("127.0.0.1 ::1", "127.0.0.1=127.0.0.1 ::1=::1", "::1 127.0.0.1")]
    public void Of_Addresses_AreInTheOrderOfTheRules(string addresses, string sources, string expected)
    {
        var known = sources.Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => IPAddress.Parse(pair[0]), pair => IPAddress.Parse(pair[1]));
        var ordered = DestinationOrder.Of(addresses.Split(' ').Select(IPAddress.Parse), known.GetValueOrDefault);
        Assert.Equal(expected, string.Join(' ', ordered));
    }

    [Theory]
    [InlineData("::1", 50, 0)]
    [InlineData("2001:db8::1", 40, 1)]
    [InlineData("192.0.2.1", 35, 4)]
    [InlineData("::ffff:192.0.2.1", 35, 4)]
    [InlineData("2002::1", 30, 2)]
    [InlineData("2001:0:1::1", 5, 5)]
    [InlineData("fd12::1", 3, 13)]
    [InlineData("::192.0.2.1", 1, 3)]
    [InlineData("fec0::1", 1, 11)]
    [InlineData("3ffe::1", 1, 12)]
    public void Policy_Address_HasItsRowOfTheTable(string address, int precedence, int label) =>
        Assert.Equal((precedence, label), AddressPolicy.Of(IPAddress.Parse(address)));
}
