// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Tests.Server.Registrar;

namespace Isthmus.Tests.Server;

public sealed class RecordRoutesTests
{
    private static readonly Flow Udp4 = TestFlow.Of(SipTransport.Udp, IpVersion.V4, 40000);
    private static readonly Flow Udp6 = TestFlow.Of(SipTransport.Udp, IpVersion.V6, 40000);
    private static readonly Flow Tcp4 = TestFlow.Of(SipTransport.Tcp, IpVersion.V4, 40000);
    private static readonly Flow Tcp6 = TestFlow.Of(SipTransport.Tcp, IpVersion.V6, 40000);

    [Fact]
    public void Between_SameSocketOnBothSides_One()
    {
        Assert.Equal(["<sip:192.0.2.1:5060;lr;k=t>"], Between(Udp4, TestFlow.Of(SipTransport.Udp, IpVersion.V4, 50000)));
        Assert.Equal(["<sip:[2001:db8::1]:5060;transport=tcp;lr;k=t>"], Between(Tcp6, Tcp6));
    }

    [Fact]
    public void Between_OtherVersion_TwoAndTheSideThatItLeavesToOnTop() =>
        Assert.Equal(["<sip:192.0.2.1:5060;lr;r2=on;k=t>", "<sip:[2001:db8::1]:5060;lr;r2=on;k=t>"], Between(Udp4, Udp6));

    [Fact]
    public void Between_OtherTransport_TwoThatSayWhich() =>
        Assert.Equal(["<sip:192.0.2.1:5060;transport=tcp;lr;r2=on;k=t>", "<sip:192.0.2.1:5060;lr;r2=on;k=t>"], Between(Tcp4, Udp4));

    [Theory]
    [InlineData("INVITE", true)]
    [InlineData("SUBSCRIBE", true)]
    [InlineData("REFER", true)]
    [InlineData("NOTIFY", true)]
    [InlineData("MESSAGE", false)]
    [InlineData("REGISTER", false)]
    [InlineData("BYE", false)]
    public void AreFor_Method_WhatMayCreateADialog(string method, bool expected) => Assert.Equal(expected, RecordRoutes.AreFor(new SipMethod(method)));

    private static IEnumerable<string> Between(Flow incoming, Flow outgoing) => RecordRoutes.Between(incoming, outgoing, "t").Select(r => r.ToString());
}
