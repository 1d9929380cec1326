// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

/// <summary>Comma lists, with everything in which a comma does not separate, and every way to write an address in them.</summary>
public sealed class ListTests
{
    [Fact]
    public void Contacts_CommasInQuotesAndBrackets_DoNotSeparate()
    {
        SipMessage message = Read("m: \"A, \\\"B, C\\\\\" <sip:a,b@h;x=1>;q=0.5;p=\"1,2;3\",<sip:c@h>, \"<sip:not@this>, \" <sip:d@h>", "Contact: E F <sip:e@h>");
        Assert.Equal(["A, \"B, C\\", null, "<sip:not@this>, ", "E F"], message.Contacts.Select(contact => contact.DisplayName));
        Assert.Equal(["a,b", "c", "d", "e"], message.Contacts.Select(contact => contact.SipUri!.User));
        Assert.Equal("1,2;3", message.Contacts[0].Parameters.Get("p"));
        Assert.Equal(0.5, message.Contacts[0].Q);
    }

    [Theory]
    [InlineData("Contact: <sip:a@h>,")]
    [InlineData("Contact: ,<sip:a@h>")]
    [InlineData("Contact: <sip:a@h>, \"open <sip:b@h>")]
    [InlineData("Contact: <sip:a@h>, <sip:b@[::1>")]
    [InlineData("Contact: sip:a@h?x=y")]
    [InlineData("Contact:")]
    public void Contacts_OneIsBroken_AreNotHalfRead(string field)
    {
        SipMessage message = Read(field);
        Assert.Empty(message.Contacts);
        Assert.Null(message.Addresses(HeaderName.Contact));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true, "v: SIP/2.0/TCP b")]
    [InlineData(true, "v: SIP/2.0/TCP b, SIP/2.0/TCP c", "Via: SIP/2.0/TCP d")]
    [InlineData(false, "v:  ")]
    [InlineData(true, "v:  ", "Via: SIP/2.0/UDP b")]
    public void HasViaBelow_FieldsBehindTheFirst_CountWhenTheyHoldSomething(bool expected, params string[] fields) => Assert.Equal(expected, Read(fields).HasViaBelow);

    [Theory]
    [InlineData("SIP/2.0/UDP a", false)]
    [InlineData("SIP/2.0/UDP a ,", false)]
    [InlineData("SIP/2.0/UDP a;x=\"1,2\"", false)]
    [InlineData("SIP/2.0/UDP a;branch=z9hG4bK1 , SIP/2.0/UDP b", true)]
    [InlineData("SIP/2.0/UDP a,SIP/2.0/UDP b", true)]
    public void HasViaBelow_OneField_CountsTheValuesInIt(string vias, bool expected)
    {
        SipMessage message = MessageEdit.Of(Read()).Replace(HeaderName.Via, vias).BuildRequest();
        Assert.Equal(expected, message.HasViaBelow);
        Assert.Equal(expected, SipParser.Parse(message.Span).Message!.HasViaBelow);
        Assert.True(message.TopViaView.Text.SequenceEqual(message.TopViaView.Text.Trim(" ,"u8)));
    }

    [Fact]
    public void Contacts_Utf8_IsKept()
    {
        SipMessage message = Read("Contact: Zoë 語 <sip:z@h>, \"\U0001F600\" <sip:%C3%A9@h>");
        Assert.Equal(["Zoë 語", "\U0001F600"], message.Contacts.Select(contact => contact.DisplayName));
        Assert.Equal("é", message.Contacts[1].SipUri!.User);
        Assert.Equal("sip:%C3%A9@h", message.Contacts[1].SipUri!.ToAor());
    }

    [Fact]
    public void Star_Alone_IsNoContact()
    {
        SipMessage message = Read("Contact: *");
        Assert.True(message.ContactIsStar);
        Assert.Empty(message.Contacts);
    }

    [Fact]
    public void Values_EmptyElements_AreLeftOut()
    {
        SipMessage message = Read("Supported: a,, b ,", "k:", "Supported:\r\n c\r\n ,\r\n d");
        Assert.Equal(["a", "b", "c", "d"], message.Values(HeaderName.Supported));
        Assert.True(message.Lists(HeaderName.Supported, "D"));
        Assert.False(message.Lists(HeaderName.Supported, ""));
    }

    [Fact]
    public void Vias_OfManyFields_AreOneList()
    {
        SipMessage message = Read("v: SIP/2.0/UDP a;branch=1,SIP / 2.0 / TCP [::1] : 5062 ;x=\"q,;\\\"r\";received=192.0.2.1", "VIA: SIP/2.0/TLS-SCTP b.example;rport=7;hidden");
        Assert.Equal(["h", "a", "[::1]:5062", "b.example"], message.Vias.Select(via => via.SentBy.ToString()));
        Assert.Equal("q,;\"r", message.Vias[2].Parameters.Get("x"));
        Assert.Equal(7, message.Vias[3].Rport);
        Assert.Equal(4, SipParser.Parse(message.Bytes.Span).Message!.Vias.Count);
    }

    [Theory]
    [InlineData("[2001:db8::1]", "2001:db8::1")]
    [InlineData("[2001:DB8:0:0:0:0:0:1]", "2001:db8::1")]
    [InlineData("[2001:0db8:0000:0000:0000:0000:0000:0001]", "2001:db8::1")]
    [InlineData("[::]", "::")]
    [InlineData("[::1]", "::1")]
    [InlineData("[1::]", "1::")]
    [InlineData("[1:2:3:4:5:6:7:8]", "1:2:3:4:5:6:7:8")]
    [InlineData("[1:2:3:4:5:6:192.0.2.1]", "1:2:3:4:5:6:c000:201")]
    [InlineData("[64:ff9b::192.0.2.1]", "64:ff9b::c000:201")]
    [InlineData("[2001:db8:::192.0.2.1]", "2001:db8::192.0.2.1")]
    [InlineData("[::ffff:192.0.2.1]", "192.0.2.1")]
    [InlineData("[::FFFF:c000:0201]", "192.0.2.1")]
    [InlineData("[fe80::1%251]", "fe80::1%1")]
    [InlineData("[fe80::1%1]", "fe80::1%1")]
    public void Address_InAnyForm_IsTheSameInUriViaAndContact(string text, string address)
    {
        var expected = IPAddress.Parse(address);
        SipMessage message = Read($"v: SIP/2.0/UDP {text}:5062;branch=z9hG4bK2", $"Contact: <sip:a@{text}:5063;transport=tcp>, sip:{text};expires=5", $"Route: <sip:{text};lr>");
        Assert.Equal(expected, message.Vias[1].SentBy.Host.Address);
        Assert.Equal(5062, message.Vias[1].SentBy.Port);
        Assert.All(message.Contacts.Concat(message.Routes), contact => Assert.Equal(expected, contact.SipUri!.Host.Address));
        Assert.Equal([5063, null], message.Contacts.Select(contact => contact.SipUri!.Port));
        Assert.Equal(5, message.Contacts[1].Expires);
        foreach (SipUri uri in message.Contacts.Select(contact => contact.SipUri!))
        {
            Assert.True(SipUri.TryParse(uri.WithParameter("x").ToString(), out SipUri? printed));
            Assert.Equal(expected, printed.Host.Address);
        }
    }

    private static SipMessage Read(params string[] fields)
    {
        string text = "REGISTER sip:h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:a@h>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n"
            + string.Concat(fields.Select(field => field + "\r\n")) + "\r\n";
        ParseResult result = SipParser.Parse(Encoding.UTF8.GetBytes(text));
        Assert.Null(result.Fault);
        return result.Message!;
    }
}
