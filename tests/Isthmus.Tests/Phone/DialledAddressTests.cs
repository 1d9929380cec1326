// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.Tests.Phone;

public sealed class DialledAddressTests
{
    [Theory]
    [InlineData("bob", "sip:bob@example.com")]
    [InlineData("+4912345", "sip:+4912345@example.com")]
    [InlineData("bob@other.example", "sip:bob@other.example")]
    [InlineData("sip:bob@other.example;transport=tcp", "sip:bob@other.example;transport=tcp")]
    [InlineData("sip:bob@[2001:db8::1]:5070", "sip:bob@[2001:db8::1]:5070")]
    [InlineData(" \"Bob\" <sip:bob@other.example> ", "sip:bob@other.example")]
    [InlineData("tel:+4912345", "tel:+4912345")]
    [InlineData("sip:bob@other.example?Subject=x", "sip:bob@other.example")]
    public void Read_WithAnAccount_GivesAUri(string text, string expected)
    {
        var account = new Account(null!, new AccountOptions { Address = "sip:alice@example.com", Mode = RegistrationMode.None }); // which never asks its phone for anything
        Assert.Equal(expected, DialledAddress.Read(text, account, out var fault)?.ToString());
        Assert.Empty(fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("bob")]
    [InlineData("mailto:bob@example.com")]
    [InlineData("sips:bob@example.com")]
    [InlineData("sip:bob@exa mple")]
    [InlineData("<<>>")]
    public void Read_WhatIsNoAddress_SaysSo(string text)
    {
        Assert.Null(DialledAddress.Read(text, null, out var fault));
        Assert.NotEmpty(fault);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1:5060", null)]
    [InlineData("192.0.2.1:5070", "192.0.2.1:5070", null)]
    [InlineData("[2001:db8::1]:5070;transport=tcp", "[2001:db8::1]:5070", SipTransport.Tcp)]
    [InlineData("2001:db8::1;transport=UDP", "[2001:db8::1]:5060", SipTransport.Udp)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1:5060", null)]
    public void ServerAddress_IsRead(string text, string endPoint, SipTransport? transport)
    {
        Assert.True(ServerAddress.TryParse(text, out var address));
        Assert.Equal((endPoint, transport), (address!.EndPoint.ToString(), address.Transport));
    }

    [Theory]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("192.0.2.1:99999")]
    [InlineData("192.0.2.1;transport=tls")]
    public void ServerAddress_OfAnotherForm_IsRefused(string text) => Assert.False(ServerAddress.TryParse(text, out _));
}
