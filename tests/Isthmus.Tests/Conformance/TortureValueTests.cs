// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;

namespace Isthmus.Tests.Conformance;

/// <summary>What the torture RFCs say about the values in their messages, beyond whether they can be read.</summary>
public sealed class TortureValueTests
{
    [Fact]
    public void Wsinv_FoldsAndWhiteSpace_AreReadAway()
    {
        SipRequest message = Request("rfc4475/wsinv");
        Assert.Equal(68, message.MaxForwards);
        Assert.Equal(new CSeq(9, SipMethod.Invite), message.CSeq);
        Assert.Equal("1918181833n", message.To.Tag);
        Assert.Equal("J Rosenberg \\\"", message.From.DisplayName);
        Assert.Equal("98asjd8", message.From.Tag);
        Assert.Equal(["192.0.2.2", "spindle.example.com", "192.168.255.111"], message.Vias.Select(via => via.SentBy.ToString()));
        Assert.Equal(["390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"], message.Vias.Select(via => via.Branch));
        Assert.Equal([SipTransport.Udp, SipTransport.Tcp, SipTransport.Udp], message.Vias.Select(via => via.Transport));
        Assert.False(message.TopVia.HasMagicCookie);
        Assert.Equal("", message.Text(HeaderName.Subject));
        Assert.Equal("newfangled value continued newfangled value", message.Text("newfangledheader"));
        Assert.Equal(";;,,;;,;", message.Text("UnknownHeaderWithUnusualValue"));
        NameAddr contact = Assert.Single(message.Contacts);
        Assert.Equal("Quoted string \"\"", contact.DisplayName);
        Assert.Equal("newvalue", contact.Parameters.Get("newparam"));
        Assert.Equal(0.33, contact.Q);
        NameAddr route = Assert.Single(message.Routes);
        Assert.True(route.SipUri!.IsLoose);
        Assert.Equal(150, message.Body.Length);
    }

    [Fact]
    public void Intmeth_EveryLetterOfAToken_IsKept()
    {
        SipRequest message = Request("rfc4475/intmeth");
        Assert.Equal("!interesting-Method0123456789_*+`.%indeed'~", message.Method.Name);
        Assert.Equal("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*", message.RequestSipUri!.User);
        Assert.Equal("&it+has=1,weird!*pas$wo~d_too.(doesn't-it)", message.RequestSipUri.Password);
        Assert.Equal("BEL:\u0007 NUL:\0 DEL:\u007f", message.To.DisplayName);
        Assert.Equal("token1~` token2'+_ token3*%!.-", message.From.DisplayName);
        Assert.Equal("работающий", message.From.Parameters.Get("fromParam''~+*_!.-%"));
        Assert.Equal("_token~1'+`*%!-.", message.From.Tag);
        Assert.Equal("""intmeth.word%ZK-!.*_+'@word`~)(><:\/"][?}{""", message.CallId);
        Assert.Equal("\ufeff大停電", message.Text("extensionHeader-!.%*+_`'~"));
    }

    [Fact]
    public void Esc01_Escapes_AreDecodedOnceAndInUrisOnly()
    {
        SipRequest message = Request("rfc4475/esc01");
        Assert.Equal("sips:user@example.com", message.RequestSipUri!.User);
        Assert.Equal("example.net", message.RequestSipUri.Host.ToString());
        Assert.Equal("user", message.To.SipUri!.User);
        Assert.Equal("I have spaces", message.From.SipUri!.User);
        SipUri contact = Assert.Single(message.Contacts).SipUri!;
        Assert.Equal("caller", contact.User);
        Assert.True(contact.IsLoose);
        Assert.Equal("value%41", contact.Parameter("name"));
        Assert.Equal("sip:sips%3Auser%40example.com@example.net", message.RequestSipUri.ToAor());
    }

    [Fact]
    public void Escnull_Nulls_DoNotShortenTheUser()
    {
        SipRequest message = Request("rfc4475/escnull");
        Assert.Equal("null-\0-null", message.To.SipUri!.User);
        Assert.Equal(2, message.Contacts.Count);
        Assert.NotEqual(message.Contacts[0].Uri, message.Contacts[1].Uri);
    }

    [Fact]
    public void Esc02_PercentOutsideAUri_IsNoEscape()
    {
        SipRequest message = Request("rfc4475/esc02");
        Assert.Equal("RE%47IST%45R", message.Method.Name);
        Assert.NotEqual(SipMethod.Register, message.Method);
        Assert.Equal("%Z%45", message.To.DisplayName);
        Assert.Equal(["sip:alias1@host1.example.com", "sip:alias3@host3.example.com"], message.Contacts.Select(contact => contact.Uri.ToString()));
    }

    [Fact]
    public void Longreq_LongValues_AreRead()
    {
        SipRequest message = Request("rfc4475/longreq");
        Assert.Equal(34, message.Vias.Count);
        Assert.Equal("sip33.example.com", message.TopVia.SentBy.ToString());
        Assert.True(message.Vias[^1].Branch!.Length > 100);
        Assert.True(message.From.Tag!.Length > 100 && message.CallId.Length > 100);
        Assert.Single(message.Contacts);
    }

    [Fact]
    public void Dblreq_OctetsBehindTheBody_AreNotPartOfIt()
    {
        SipRequest message = Request("rfc4475/dblreq");
        Assert.Equal(SipMethod.Register, message.Method);
        Assert.True(message.Body.IsEmpty);
        Assert.DoesNotContain("INVITE", message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Semiuri_SemicolonInTheUser_BeginsNoParameter()
    {
        SipUri uri = Request("rfc4475/semiuri").RequestSipUri!;
        Assert.Equal("user;par=u@example.net", uri.User);
        Assert.Empty(uri.Parameters);
        Assert.Equal("example.com", uri.Host.ToString());
    }

    [Fact]
    public void Transports_UnknownOnes_AreRead()
    {
        SipRequest message = Request("rfc4475/transports");
        Assert.Equal(["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"], message.Vias.Select(via => via.TransportToken));
        Assert.Equal([SipTransport.Udp, null, SipTransport.Tls, null, SipTransport.Tcp], message.Vias.Select(via => via.Transport));
    }

    [Fact]
    public void Mpart01_BinaryBody_IsKept()
    {
        SipRequest message = Request("rfc4475/mpart01");
        Assert.Equal("multipart/mixed", message.ContentTypeText);
        Assert.Equal(553, message.Body.Length);
        Assert.True(message.Body.Contains((byte)0));
    }

    [Fact]
    public void Reasons_UnusualAndEmpty_AreRead()
    {
        Assert.Equal("= 2**3 * 5**2 но сто девяносто девять - простое", Response("rfc4475/unreason").ReasonPhrase);
        SipResponse empty = Response("rfc4475/noreason");
        Assert.Equal((100, ""), (empty.StatusCode, empty.ReasonPhrase));
    }

    [Theory]
    [InlineData("cparam01", false)]
    [InlineData("cparam02", true)]
    public void Cparam_WithAndWithoutBrackets_BelongsToTheHeaderOrTheUri(string name, bool isOfTheUri)
    {
        NameAddr contact = Assert.Single(Request("rfc4475/" + name).Contacts);
        Assert.Equal(isOfTheUri, contact.SipUri!.HasParameter("unknownparam"));
        Assert.Equal(!isOfTheUri, contact.Parameters.Has("unknownparam"));
        Assert.Equal("+19725552222", contact.SipUri.User);
    }

    [Fact]
    public void Regescrt_HeaderInAContact_IsKept() =>
        Assert.Equal("sip:user@example.com?Route=%3Csip:sip.example.com%3E", Assert.Single(Request("rfc4475/regescrt").Contacts).Uri.ToString());

    [Fact]
    public void Unkscm_OtherSchemes_AreKept()
    {
        Assert.Equal("nobodyknowsthisscheme", Request("rfc4475/unkscm").RequestUri.Scheme);
        SipRequest message = Request("rfc4475/unksm2");
        Assert.Equal("isbn:2983792873", message.To.Uri.ToString());
        Assert.Equal("http", message.From.Uri.Scheme);
        Assert.Equal("name:John_Smith", Assert.Single(message.Contacts).Uri.ToString());
    }

    [Fact]
    public void Bext01_RequiredExtensions_AreListed()
    {
        SipRequest message = Request("rfc4475/bext01");
        Assert.Equal(["nothingSupportsThis", "nothingSupportsThisEither"], message.Values(HeaderName.Require));
        Assert.True(message.Lists(HeaderName.ProxyRequire, "nordoanyproxiessupportthis"));
    }

    [Fact]
    public void Inv2543_OldSyntax_IsRead()
    {
        SipRequest message = Request("rfc4475/inv2543");
        Assert.Null(message.TopVia.Branch);
        Assert.Null(message.From.Tag);
        Assert.Null(message.MaxForwards);
        Assert.Equal(105, message.Body.Length);
    }

    [Fact]
    public void Bcast_BroadcastVia_IsSeen() => Assert.Equal(IPAddress.Broadcast, Response("rfc4475/bcast").Vias[1].SentBy.Host.Address);

    [Theory]
    [InlineData("ipv6-good", "2001:db8::10", null)]
    [InlineData("port-ambiguous", "2001:db8::10:5070", null)]
    [InlineData("port-unambiguous", "2001:db8::10", 5070)]
    public void RequestUri_Ipv6Reference_EndsAtItsBracket(string name, string address, int? port)
    {
        SipUri uri = Request("rfc5118/" + name).RequestSipUri!;
        Assert.Equal(IPAddress.Parse(address), uri.Host.Address);
        Assert.Equal(port, uri.Port);
    }

    [Theory]
    [InlineData("via-received-param-with-delim")]
    [InlineData("via-received-param-no-delim")]
    public void Received_WithAndWithoutBrackets_IsTheAddress(string name) =>
        Assert.Equal(IPAddress.Parse("2001:db8::9:255"), Request("rfc5118/" + name).TopVia.Received);

    [Fact]
    public void MultIpInHeader_BothVersions_AreRead()
    {
        IReadOnlyList<Via> vias = Request("rfc5118/mult-ip-in-header").Vias;
        Assert.Equal(["[2001:db8::9:1]:6050", "192.0.2.1", "[2001:db8::9:255]"], vias.Select(via => via.SentBy.ToString()));
        Assert.Equal(IPAddress.Parse("192.0.2.200"), vias[2].Received);
    }

    [Fact]
    public void Ipv4Mapped_Addresses_AreTheIpv4OnesTheyStandFor()
    {
        Via via = Request("rfc5118/ipv4-mapped-ipv6").TopVia;
        Assert.Equal(IPAddress.Parse("192.0.2.10"), via.SentBy.Host.Address);
        Assert.Equal(19823, via.SentBy.Port);
    }

    [Theory]
    [InlineData("ipv6-bug-abnf-3-colons")]
    [InlineData("ipv6-correct-abnf-2-colons")]
    public void Colons_TwoOrThree_AreTheSameAddress(string name) =>
        Assert.Equal(IPAddress.Parse("2001:db8::192.0.2.1"), Request("rfc5118/" + name).RequestSipUri!.Host.Address);

    private static SipRequest Request(string name) => Assert.IsType<SipRequest>(Read(name));

    private static SipResponse Response(string name) => Assert.IsType<SipResponse>(Read(name));

    private static SipMessage Read(string name)
    {
        string file = Path.Combine(TortureFolder.Path, name + ".dat");
        Assert.SkipWhen(!File.Exists(file), $"{name} is not beside this checkout (../shared/torture)");
        ParseResult result = SipParser.Parse(File.ReadAllBytes(file));
        Assert.Null(result.Fault);
        return result.Message!;
    }
}
