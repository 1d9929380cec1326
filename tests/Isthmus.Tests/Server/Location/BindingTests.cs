// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.Server.Location;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Tests.Server.Registrar;

namespace Isthmus.Tests.Server.Location;

public sealed class BindingTests
{
    [Theory]
    [InlineData("<sip:a@192.0.2.7>", "sip:a@192.0.2.7", "<sip:a@192.0.2.7>|", "")]
    [InlineData("<sip:a@192.0.2.7>;expires=60", "sip:a@192.0.2.7", "<sip:a@192.0.2.7>|", "")]
    [InlineData("\"A, \\\" <B>\" <sip:a@[2001:db8::7];ob?x=y> ; Expires = 60 ;q=0.5", "sip:a@[2001:db8::7];ob?x=y", "\"A, \\\" <B>\" <sip:a@[2001:db8::7];ob?x=y>| ;q=0.5", "")]
    [InlineData("<sip:a@192.0.2.7>;+sip.instance=\"<urn:uuid:1>\";reg-id=2;expires=5", "sip:a@192.0.2.7", "<sip:a@192.0.2.7>;+sip.instance=\"<urn:uuid:1>\";reg-id=2|", "urn:uuid:1")]
    public void TryRead_Contact_FindsItsParts(string contact, string uri, string withoutExpires, string instance)
    {
        byte[] octets = Encoding.UTF8.GetBytes(contact);
        Assert.True(ContactLayout.TryRead(octets, out ContactLayout layout));

        Assert.Equal(uri, Encoding.UTF8.GetString(octets.AsSpan()[layout.Uri]));
        Assert.Equal(withoutExpires, Encoding.UTF8.GetString(octets.AsSpan()[..layout.Expires.Start]).TrimEnd() + "|" + Encoding.UTF8.GetString(octets.AsSpan()[layout.Expires.End..]));
        Assert.Equal(instance, Encoding.UTF8.GetString(octets.AsSpan()[layout.Instance]));
    }

    [Theory]
    [InlineData("sip:a@192.0.2.7;expires=60", "<sip:a@192.0.2.7>;expires=60")]
    [InlineData("<sip:a@192.0.2.7>;pub-gruu=\"sip:a@example.com;gr=x\";temp-gruu=\"sip:b@example.com;gr\";q=1", "<sip:a@192.0.2.7>;q=1")]
    [InlineData("<sip:a@192.0.2.7>;expires=1;expires=2", "<sip:a@192.0.2.7>")]
    [InlineData("<sip:a@192.0.2.7>;expires", "<sip:a@192.0.2.7>")]
    [InlineData("A\r\n B <sip:a@192.0.2.7>", "\"A B\" <sip:a@192.0.2.7>")]
    public void Canonical_ContactThatCannotBeRepeatedAsItIs_CanBe(string contact, string expected)
    {
        byte[] octets = Encoding.UTF8.GetBytes(contact);
        Assert.False(ContactLayout.TryRead(octets, out _));
        Assert.True(NameAddr.TryParse(octets, out NameAddr? address));

        byte[] canonical = ContactLayout.Canonical(address);

        Assert.Equal(expected, Encoding.UTF8.GetString(canonical));
        Assert.True(ContactLayout.TryRead(canonical, out _));
    }

    [Theory]
    [InlineData("192.0.2.7:5060", "192.0.2.7", "192.0.2.8")]
    [InlineData("[2001:db8::7]:65535", "2001:db8::7", "2001:db8::8")]
    [InlineData("[fe80::7%3]:1", "fe80::7%3", "fe80::7%4")]
    public void SourceAddress_Written_ReadsBack(string source, string address, string other)
    {
        IPEndPoint endPoint = IPEndPoint.Parse(source);
        byte[] octets = new byte[SourceAddress.MaxLength];
        octets = octets[..SourceAddress.Write(endPoint, octets)];

        Assert.True(SourceAddress.IsOne(octets));
        Assert.Equal(endPoint, SourceAddress.Read(octets));
        Assert.True(SourceAddress.Is(octets, endPoint));
        Assert.False(SourceAddress.Is(octets, new IPEndPoint(endPoint.Address, endPoint.Port - 1)));
        Assert.True(SourceAddress.IsAt(octets, IPAddress.Parse(address)));
        Assert.False(SourceAddress.IsAt(octets, IPAddress.Parse(other)));
        Assert.False(SourceAddress.IsAt(octets, IPAddress.IPv6Loopback));
    }

    // The table of addresses-of-record adds 15 to 30 octets, and nothing else is kept.
    [Fact]
    public void Binding_WithItsAddressOfRecord_TakesLessThan500Octets()
    {
        Flow flow = TestFlow.Of(SipTransport.Udp, IpVersion.V4, 5062);
        byte[] key = "sip:user1234567@example.com"u8.ToArray();
        Make(key, flow);
        long before = GC.GetAllocatedBytesForCurrentThread();
        AddressOfRecord aor = Make(key, flow);
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal("sip:user1234567@192.0.2.7:5062", Assert.Single(aor.Bindings).Uri.ToString());
        Assert.InRange(taken, 200, 500);
    }

    private static AddressOfRecord Make(byte[] key, Flow flow)
    {
        var aor = new AddressOfRecord([.. key], 1);
        Binding binding = Binding.TryMake(new BindingDraft
        {
            Id = 1,
            Contact = "<sip:user1234567@192.0.2.7:5062>"u8,
            Version = IpVersion.V4,
            Expires = 1,
            Registered = 0,
            CallId = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6@192.0.2.7"u8,
            CSeq = 1,
            UserAgent = "Unit",
            Transport = SipTransport.Udp,
            Source = flow.Remote,
            Flow = flow,
        })!;
        binding.BelongTo(aor);
        aor.Bindings = [binding];
        return aor;
    }
}
