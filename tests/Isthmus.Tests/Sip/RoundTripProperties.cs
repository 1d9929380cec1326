// SPDX-License-Identifier: Apache-2.0
using System.Net;
using CsCheck;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

/// <summary>What we print we can read back, for every IPv6 text form; and what we read and write again stays the same.</summary>
public sealed class RoundTripProperties
{
    [Fact]
    public void Host_PrintedAndRead_IsTheSame() => SipGen.Host.Sample(host => Host.TryParse(host.ToString(), out Host read) && read == host && read.ToString() == host.ToString());

    [Fact]
    public void HostPort_PrintedAndRead_IsTheSame() => SipGen.HostPort.Sample(hostPort => HostPort.TryParse(hostPort.ToString(), out HostPort read) && read == hostPort);

    [Fact]
    public void Uri_PrintedAndRead_IsTheSame() => SipGen.Uri.Sample(uri =>
    {
        Assert.True(SipUri.TryParse(uri.ToString(), out SipUri? read), uri.ToString());
        Assert.Equal(uri.User, read.User);
        Assert.Equal(uri.HostPort, read.HostPort);
        Assert.Equal(uri.Parameters.ToArray(), read.Parameters.ToArray());
        Assert.Equal(uri, read);
        Assert.Equal(uri.ToString(), read.WithParameter("x", "1").WithoutParameter("x").ToString());
    });

    [Fact]
    public void NameAddr_PrintedAndRead_IsTheSame() => SipGen.NameAddr.Sample(address =>
    {
        Assert.True(NameAddr.TryParse(address.ToString(), out NameAddr? read), address.ToString());
        Assert.Equal(address.DisplayName, read.DisplayName);
        Assert.Equal(address.Uri, read.Uri);
        Assert.Equal(address.Parameters.ToArray(), read.Parameters.ToArray());
        Assert.Equal(address.ToString(), read.ToString());
    });

    [Fact]
    public void Via_PrintedAndRead_IsTheSame() => SipGen.Via.Sample(via =>
    {
        Assert.True(Via.TryParse(via.ToString(), out Via? read), via.ToString());
        Assert.Equal(via.SentBy, read.SentBy);
        Assert.Equal(via.Transport, read.Transport);
        Assert.Equal(via.Branch, read.Branch);
        Assert.Equal(via.Received, read.Received);
        Assert.Equal(via.Rport, read.Rport);
        Assert.Equal(via.ToString(), read.ToString());
        Assert.DoesNotContain("received=[", via.ToString(), StringComparison.Ordinal);
    });

    [Fact]
    public void Request_BuiltWithAnything_KeepsItsHeadersOneLineEach() => Gen.Select(SipGen.Uri, SipGen.NameAddr, SipGen.NameAddr, SipGen.Via, SipGen.AnyText, Gen.UInt, Gen.Byte.Array[0, 64])
        .Sample((uri, from, to, via, text, sequence, body) =>
        {
            SipRequest request = new RequestBuilder(SipMethod.Message, uri).Via(via).From(from).To(to).CallId("c@[2001:db8::1]").CSeq(sequence).MaxForwards()
                .Header(HeaderName.Subject, text + "\r\nInjected: yes").Body("application/octet-stream", body).Build();
            ParseResult again = SipParser.Parse(request.Bytes.Span);
            Assert.Equal(ParseOutcome.Ok, again.Outcome);
            var read = (SipRequest)again.Message!;
            Assert.Equal(request.ToString(), read.ToString());
            Assert.Equal(uri, read.RequestUri);
            Assert.Equal(from.Uri, read.From.Uri);
            Assert.Equal(to.Tag, read.To.Tag);
            Assert.Equal(sequence, read.CSeq.Number);
            Assert.Equal(body, read.Body.ToArray());
            Assert.Null(read.Text("Injected"));
            Assert.Equal(read.ToString(), MessageEdit.Of(read).BuildRequest().ToString());
        });

    [Theory]
    [InlineData("[2001:db8::1]", "[2001:DB8:0:0:0:0:0:1]")]
    [InlineData("[2001:db8::1]", "[2001:0db8:0000:0000:0000:0000:0000:0001]")]
    [InlineData("[::1]", "[0:0:0:0:0:0:0:1]")]
    [InlineData("[2001:db8::192.0.2.1]", "[2001:db8::c000:201]")]
    [InlineData("[::ffff:192.0.2.1]", "192.0.2.1")]
    [InlineData("[2001:db8:::192.0.2.1]", "[2001:db8::192.0.2.1]")]
    [InlineData("b.example", "B.EXAMPLE")]
    [InlineData("b.example.", "b.example")]
    public void Host_TwoTextForms_AreOneHost(string left, string right)
    {
        Assert.True(Host.TryParse(left, out Host first));
        Assert.True(Host.TryParse(right, out Host second));
        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("[::1")]
    [InlineData("::1")]
    [InlineData("[192.0.2.1]")]
    [InlineData("256.0.0.1")]
    [InlineData("1.2.3")]
    [InlineData("[2001:db8::1%]]")]
    [InlineData("[fe80::1%]")]
    [InlineData("[fe80::1%a b]")]
    [InlineData("[fe80::1%a%b]")]
    [InlineData("a b")]
    [InlineData("-a.example")]
    [InlineData("a..example")]
    [InlineData("[::1]]")]
    public void Host_NotOne_IsRefused(string text) => Assert.False(Host.TryParse(text, out _));

    [Theory]
    [InlineData("[fe80::1%25lo]", "lo")]
    [InlineData("[fe80::1%eth0.5]", "eth0.5")]
    [InlineData("[fe80::1%25a]", "a")]
    [InlineData("[fe80::1%251]", null)]
    public void Host_WithZone_KeepsItAndDoesNotLookItUp(string text, string? zone)
    {
        Assert.True(Host.TryParse(text, out Host host));
        Assert.Equal(zone, host.Zone);
        Assert.Equal(zone is null ? 1 : 0, host.Address!.ScopeId);
        Assert.Equal(IpVersion.V6, host.Version);
        Assert.True(Host.TryParse(host.ToString(), out Host printed));
        Assert.Equal(host, printed);
        Assert.Equal(host.GetHashCode(), printed.GetHashCode());
        Assert.NotEqual(Host.From(IPAddress.Parse("fe80::1")), host);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(25)]
    [InlineData(251)]
    [InlineData(2525)]
    public void Host_ZoneOfAnyNumber_IsPrintedAndRead(long zone)
    {
        Host host = Host.From(new IPAddress(IPAddress.Parse("fe80::1").GetAddressBytes(), zone));
        Assert.Equal($"[fe80::1%25{zone}]", host.ToString());
        Assert.True(Host.TryParse(host.ToString(), out Host read));
        Assert.Equal(host, read);
        Via via = new Via(SipTransport.Udp, new HostPort(host, 5060), "z9hG4bK1").ReceivedFrom(new IPEndPoint(host.Address!, 5060));
        Assert.True(Via.TryParse(via.ToString(), out Via? again), via.ToString());
        Assert.Equal(host, again.SentBy.Host);
        Assert.Equal(zone, again.Received!.ScopeId);
    }

    [Fact]
    public void Uri_ZoneOfAnyLength_IsReadWholeOrRefused()
    {
        string text = $"sip:a@[fe80::1%{new string('z', 120)}]";
        Assert.False(SipUri.TryParse(text, out _));
        Assert.False(NameAddr.TryParse($"<{text}>", out _));
    }

    [Fact]
    public void Uri_ParameterStandsTwice_IsEqualToItself()
    {
        Assert.True(SipUri.TryParse("sip:m;tag=f;tag=V", out SipUri? uri));
        Assert.True(SipUri.TryParse("sip:m;tag=f;tag=V", out SipUri? same));
        Assert.Equal(uri, same);
    }

    // RFC 3261 §19.1.4 lists these pairs.
    [Theory]
    [InlineData("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtlanTa.CoM;Transport=tcp", true)]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5", true)]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com;security=on", true)]
    [InlineData("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com", "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com", true)]
    [InlineData("sip:alice@atlanta.com?subject=project%20x&priority=urgent", "sip:alice@atlanta.com?priority=urgent&subject=project%20x", true)]
    [InlineData("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP", false)]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060", false)]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp", false)]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp", false)]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting", false)]
    [InlineData("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4", false)]
    [InlineData("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;newparam=6", false)]
    [InlineData("sips:bob@biloxi.com", "sip:bob@biloxi.com", false)]
    [InlineData("sip:bob@[2001:db8::9:1]", "sip:bob@[2001:DB8:0::9:01]", true)]
    [InlineData("sip:%00@host5.example.com", "sip:%00%00@host5.example.com", false)]
    public void Uri_Compared_FollowsTheRfc(string left, string right, bool equal)
    {
        Assert.True(SipUri.TryParse(left, out SipUri? first));
        Assert.True(SipUri.TryParse(right, out SipUri? second));
        Assert.Equal(equal, first.Equals(second));
        Assert.Equal(equal, second.Equals(first));
        Assert.True(!equal || first.GetHashCode() == second.GetHashCode());
    }

    [Theory]
    [InlineData("tel:+1-201-555-0123", "tel:+1.201.555.0123", true)]
    [InlineData("tel:7042;phone-context=example.com", "tel:7042;phone-context=Example.com", true)]
    [InlineData("tel:7042;phone-context=example.com", "tel:7042;phone-context=example.net", false)]
    public void Tel_Compared_IgnoresSeparators(string left, string right, bool equal)
    {
        Assert.True(AnyUri.TryParse(left, out AnyUri? first));
        Assert.True(AnyUri.TryParse(right, out AnyUri? second));
        Assert.IsType<TelUri>(first);
        Assert.Equal(equal, first.Equals(second));
    }

    [Fact]
    public void CSeq_PrintedAndRead_IsTheSame() => Gen.Select(Gen.UInt, SipGen.Word).Sample((number, method) =>
        CSeq.TryParse(System.Text.Encoding.ASCII.GetBytes(new CSeq(number, new SipMethod(method)).ToString()), out CSeq read) && read == new CSeq(number, new SipMethod(method)));

    [Fact]
    public void Via_ReceivedFromMappedAddress_NamesIpv4()
    {
        Assert.True(Via.TryParse("SIP/2.0/UDP host.example;branch=z9hG4bKa;rport", out Via? via));
        Assert.Equal("SIP/2.0/UDP host.example;branch=z9hG4bKa;rport=5070;received=192.0.2.1", via.ReceivedFrom(new IPEndPoint(IPAddress.Parse("::ffff:192.0.2.1"), 5070)).ToString());
    }
}
