// SPDX-License-Identifier: Apache-2.0
using System.Text;
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
        Assert.Equal(["<sip:192.0.2.1:5060;lr;k=0000000000000abc>"], Between(Udp4, TestFlow.Of(SipTransport.Udp, IpVersion.V4, 50000)));
        Assert.Equal(["<sip:[2001:db8::1]:5060;transport=tcp;lr;k=0000000000000abc>"], Between(Tcp6, Tcp6));
    }

    [Fact]
    public void Between_OtherVersion_TwoAndTheSideThatItLeavesToOnTop() =>
        Assert.Equal(["<sip:[2001:db8::1]:5060;lr;r2=on;k=0000000000000abc>", "<sip:192.0.2.1:5060;lr;r2=on;k=0000000000000abc>"], Between(Udp4, Udp6));

    [Fact]
    public void Between_OtherTransport_TwoThatSayWhich() =>
        Assert.Equal(["<sip:192.0.2.1:5060;lr;r2=on;k=0000000000000abc>", "<sip:192.0.2.1:5060;transport=tcp;lr;r2=on;k=0000000000000abc>"], Between(Tcp4, Udp4));

    [Fact]
    public void TryKnow_AsItWasWritten_SaysWhatItSays()
    {
        var routes = new RecordRoutes();
        SipRequest request = Request();
        MessageEdit edit = MessageEdit.Of(request);
        routes.Add(edit, Udp4, Udp6, 0xabc);
        routes.Add(edit, Udp4, Udp4, 0xdef);
        string[] values = [.. edit.BuildRequest().Values(HeaderName.RecordRoute)];
        Assert.Equal(
            [new OwnRoute(0xdef, false, IpVersion.V4), new OwnRoute(0xabc, true, IpVersion.V6), new OwnRoute(0xabc, true, IpVersion.V4)],
            values.Select(value => routes.TryKnow(Encoding.ASCII.GetBytes(value), out OwnRoute own) ? own : default));
    }

    [Theory]
    [InlineData("<sip:192.0.2.1:5060;lr;k=0000000000000abc>", true)]
    [InlineData("<sip:192.0.2.1:5060;lr;k=0000000000000ABC>", true)]
    [InlineData("<sip:192.0.2.1:5060;lr;k=0000000000000abc> ", false)]
    [InlineData("<sip:192.0.2.1:5060;lr;k=0000000000000abcd>", false)]
    [InlineData("<sip:192.0.2.1:5060;lr;k=000000000000000g>", false)]
    [InlineData("<sip:192.0.2.1:5060;lr;k=0000000000000abc", false)]
    [InlineData("<sip:192.0.2.2:5060;lr;k=0000000000000abc>", false)]
    [InlineData("\"x\" <sip:192.0.2.1:5060;lr;k=0000000000000abc>", false)]
    [InlineData("", false)]
    public void TryKnow_WrittenInAnotherWay_IsReadTheLongWay(string route, bool isKnown)
    {
        var routes = new RecordRoutes();
        routes.Add(MessageEdit.Of(Request()), Udp4, Udp4, 1);
        Assert.Equal(isKnown, routes.TryKnow(Encoding.ASCII.GetBytes(route), out _));
    }

    [Theory]
    [InlineData("INVITE", true)]
    [InlineData("SUBSCRIBE", true)]
    [InlineData("REFER", true)]
    [InlineData("NOTIFY", true)]
    [InlineData("MESSAGE", false)]
    [InlineData("REGISTER", false)]
    [InlineData("BYE", false)]
    public void AreFor_Method_WhatMayCreateADialog(string method, bool expected) => Assert.Equal(expected, RecordRoutes.AreFor(new SipMethod(method)));

    private static IEnumerable<string> Between(Flow incoming, Flow outgoing)
    {
        SipRequest request = Request();
        var routes = new RecordRoutes();
        for (int i = 0; i < 2; i++)
        {
            MessageEdit edit = MessageEdit.Of(request);
            routes.Add(edit, incoming, outgoing, 0xabc);
            request = edit.Remove(HeaderName.Via).BuildRequest(); // the second time they are known
        }

        string[] values = [.. request.Values(HeaderName.RecordRoute)];
        Assert.Equal(values[..(values.Length / 2)], values[(values.Length / 2)..]);
        return values[..(values.Length / 2)];
    }

    private static SipRequest Request() => new RequestBuilder(SipMethod.Invite, "sip:b@example.com").CallId("c").CSeq(1).From(Address("sip:a@b")).To(Address("sip:a@b")).Build();

    private static NameAddr Address(string uri) => AnyUri.TryParse(uri, out AnyUri? read) ? new NameAddr(read) : throw new ArgumentException(uri);
}
