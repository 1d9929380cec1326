// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Server.Location;
using Isthmus.Sip;

namespace Isthmus.Tests.Server;

public sealed class NextHopTests
{
    [Theory]
    [InlineData("<sip:a@[fe80::7]:5070>", "[fe80::7%3]:5062", "[fe80::7%3]:5070")]
    [InlineData("<sip:a@[fe80::7]>", "[2001:db8::7]:5062", "[fe80::7]:5060")]
    [InlineData("<sip:a@[2001:db8::7]>", "[fe80::7%3]:5062", "[2001:db8::7]:5060")]
    [InlineData("<sip:a@phone.example>", "[fe80::7%3]:5062", "[fe80::7%3]:5062")]
    public void Of_Binding_LinkLocalContactIsOnTheLinkOfTheRegister(string contact, string source, string expected) =>
        Assert.Equal(IPEndPoint.Parse(expected), NextHop.Of(BindingOf(contact, source))!.EndPoint);

    private static Binding BindingOf(string contact, string source) => Binding.TryMake(new BindingDraft
    {
        Id = 1,
        Contact = System.Text.Encoding.UTF8.GetBytes(contact),
        Version = IpVersion.V6,
        Expires = long.MaxValue,
        Registered = 0,
        CallId = "c"u8,
        CSeq = 1,
        Transport = SipTransport.Udp,
        Source = IPEndPoint.Parse(source),
    })!;
}
