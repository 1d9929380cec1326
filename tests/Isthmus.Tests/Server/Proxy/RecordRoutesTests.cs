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
        Assert.Equal(["<sip:192.0.2.1:5060;lr;k=0000000000000abc>"], Between(Udp4, TestFlow.Of(SipTransport.Udp, IpVersion.V4, 50000)));
        Assert.Equal(["<sip:[2001:db8::1]:5060;transport=tcp;lr;k=0000000000000abc>"], Between(Tcp6, Tcp6));
    }

    [Fact]
    public void Between_OtherVersion_TwoAndTheSideThatItLeavesToOnTop() =>
        Assert.Equal(["<sip:[2001:db8::1]:5060;lr;r2=on;k=0000000000000abc>", "<sip:192.0.2.1:5060;lr;r2=on;k=0000000000000abc>"], Between(Udp4, Udp6));

    [Fact]
    public void Between_OtherTransport_TwoThatSayWhich() =>
        Assert.Equal(["<sip:192.0.2.1:5060;lr;r2=on;k=0000000000000abc>", "<sip:192.0.2.1:5060;transport=tcp;lr;r2=on;k=0000000000000abc>"], Between(Tcp4, Udp4));

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
        SipRequest request = new RequestBuilder(SipMethod.Invite, "sip:b@example.com").CallId("c").CSeq(1).From(Address("sip:a@b")).To(Address("sip:a@b")).Build();
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

    private static NameAddr Address(string uri) => AnyUri.TryParse(uri, out AnyUri? read) ? new NameAddr(read) : throw new ArgumentException(uri);
}
