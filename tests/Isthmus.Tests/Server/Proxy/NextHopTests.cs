// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Server.Location;
using Isthmus.Server.Proxy;
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

    private static Binding BindingOf(string contact, string source)
    {
        Assert.True(NameAddr.TryParse(contact, out NameAddr? address));
        return new Binding
        {
            Id = 1,
            Aor = "sip:a@example.com",
            Contact = address,
            Uri = address.SipUri!,
            Version = IpVersion.V6,
            Expires = DateTimeOffset.MaxValue,
            Registered = DateTimeOffset.MinValue,
            CallId = "c",
            CSeq = 1,
            Transport = SipTransport.Udp,
            Source = IPEndPoint.Parse(source),
        };
    }
}
