// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Server;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Peers;

/// <summary>Who may send to other domains through the server, and the tricks of those who may not.</summary>
public sealed class TrustTests
{
    private const string Bob = "sip:bob@example.com";
    private const string Victim = "sip:victim@victim.example";

    private static readonly ServerOptions Trusting = new()
    {
        Peers = [new PeerOptions { Domain = "b.example", Targets = [PeerTarget.Parse("192.0.2.50")!, PeerTarget.Parse("gw.b.example")!], Transport = SipTransport.Udp, IsTrusted = true }],
    };

    /// <summary>What strangers write to be carried to a victim that DNS knows; $V is the victim's address, $T a To with a tag, $U the user's Contact.</summary>
    public static TheoryData<string, string, string> Tricks => new()
    {
        { "plain", Victim, "" },
        { "preloaded Route of ours", Victim, "Route: <sip:192.0.2.1:5060;lr>" },
        { "preloaded Route by our name", Victim, "Route: <sip:example.com;lr>" },
        { "Route elsewhere behind ours", Bob, "Route: <sip:192.0.2.1:5060;lr>, <sip:$V;lr>" },
        { "Request-URI of ours and a Route elsewhere", Bob, "Route: <sip:$V;lr>" },
        { "Request-URI of ours and a Route to a name", Bob, "Route: <sip:victim.example;lr>" },
        { "strict Route", Bob, "Route: <sip:$V>" },
        { "what a strict router would send", "sip:192.0.2.1:5060;lr", $"Route: <{Victim}>" },
        { "maddr", "sip:bob@example.com;maddr=192.0.2.99", "" },
        { "maddr by name", "sip:bob@example.com;maddr=victim.example", "" },
        { "address", "sip:victim@$V", "" },
        { "From of a local user", Victim, "From: <sip:bob@example.com>;tag=f" },
        { "From and Contact of a local user", Victim, "From: <sip:bob@example.com>;tag=f\nContact: $U" },
        { "From of a trusted peer", Victim, "From: <sip:someone@b.example>;tag=f" },
        { "Via of a trusted peer", Victim, "Via: SIP/2.0/UDP 192.0.2.50:5060;branch=z9hG4bK-forged" },
        { "GRUU of another domain", Victim + ";gr=urn:uuid:0", "" },
        { "GRUU of ours with maddr", "sip:bob@example.com;gr=urn:uuid:0;maddr=192.0.2.99", "" },
        { "user with an at sign", "sip:victim%40victim.example@victim.example", "" },
        { "in a dialog", Victim, "To: <sip:victim@victim.example>;tag=t" },
        { "in a dialog with a Route of ours", Victim, "To: <sip:victim@victim.example>;tag=t\nRoute: <sip:192.0.2.1:5060;lr>" },
        { "in a dialog with a made-up mark", Victim, "To: <sip:victim@victim.example>;tag=t\nRoute: <sip:192.0.2.1:5060;lr;k=0123456789abcdef>" },
        { "mark without a dialog", Victim, "Route: <sip:192.0.2.1:5060;lr;k=0123456789abcdef>" },
        { "a header field in the URI", "sip:bob@example.com?Route=%3Csip:$V%3Blr%3E", "" },
    };

    [Theory]
    [MemberData(nameof(Tricks))]
    public void Stranger_WithATrick_ReachesNobodyElse(string trick, string uri, string headers) => ServerWorld.Play(
        async s =>
        {
            ScriptedUa bob = s.Ua("bob", "192.0.2.20");
            ScriptedUa mallory = s.Ua("mallory", "192.0.2.66");
            ScriptedUa victim = s.Ua("victim", "192.0.2.99");
            await s.Register(bob);
            s.Dns.Srv("_sip._udp.victim.example", 1, 1, victim.Local.Port, "sip.victim.example").Address("sip.victim.example", "192.0.2.99").Address("victim.example", "192.0.2.99");
            s.Dns.Address("gw.b.example", "192.0.2.51");
            string Filled(string text) => text.Replace("$V", victim.Local.ToString(), StringComparison.Ordinal).Replace("$U", bob.Contact, StringComparison.Ordinal);
            foreach (string method in (string[])["INVITE", "MESSAGE", "OPTIONS", "REGISTER", "BYE", "ACK"])
            {
                string via = headers.StartsWith("Via:", StringComparison.Ordinal) ? method : ""; // a branch of its own
                mallory.Send(mallory.Request(method, Filled(uri), Filled(headers) + via));
            }

            Assert.Empty(await victim.Listen(TimeSpan.FromSeconds(2)));
            Assert.True(mallory.Heard.All(answer => int.Parse(answer.FirstLine.Split(' ')[1], CultureInfo.InvariantCulture) is >= 400 or 200 or 100), trick);
        },
        Trusting);

    [Fact]
    public void Refusal_SaysWhy() => ServerWorld.Play(async s =>
    {
        ScriptedUa mallory = s.Ua("mallory", "192.0.2.66");
        mallory.Send(mallory.Request("INVITE", Victim));
        Assert.Equal("399 192.0.2.1:5060 \"Only registered users and trusted peers may send to victim.example\"", (await mallory.Expect("403 Relaying Denied"))["Warning"]);
        Assert.Empty(s.Dns.Asked);
    });

    [Fact]
    public void Mark_OfAnotherCall_IsNotOurs() => ServerWorld.Play(async s =>
    {
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        ScriptedUa mallory = s.Ua("mallory", "192.0.2.66");
        ScriptedUa victim = s.Ua("victim", "192.0.2.99");
        await s.Register(bob);
        (RawMessage invite, RawMessage ok) = await s.Call(mallory, bob, Bob, ServerWorld.OfferV4);
        RawMessage bye = mallory.InDialog("BYE", invite, ok, cseq: 2);
        string stolen = bye.Text.Replace(bye.RequestUri, $"sip:victim@{victim.Local}", StringComparison.Ordinal).Replace(bye["Call-ID"]!, "another", StringComparison.Ordinal);
        mallory.Send(stolen);
        await mallory.Expect("403");
        Assert.Empty(victim.Unread);
    });

    [Theory]
    [InlineData("INVITE")]
    [InlineData("MESSAGE")]
    [InlineData("REFER")]
    [InlineData("SUBSCRIBE")]
    [InlineData("OPTIONS")]
    public void Mark_OfARealCall_OpensNoOtherPlace(string method) => ServerWorld.Play(async s =>
    {
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        ScriptedUa mallory = s.Ua("mallory", "192.0.2.66");
        ScriptedUa victim = s.Ua("victim", "192.0.2.99");
        await s.Register(bob);
        (RawMessage invite, RawMessage ok) = await s.Call(mallory, bob, Bob, ServerWorld.OfferV4);

        // To the other side of the dialog it may go, elsewhere not.
        RawMessage inDialog = mallory.InDialog(method, invite, ok, cseq: 2);
        mallory.Send(inDialog);
        bob.Respond(await bob.Expect(method), 200);
        await mallory.Expect("200");
        string elsewhere = mallory.InDialog(method, invite, ok, cseq: 3).Text;
        mallory.Send(elsewhere.Replace(inDialog.RequestUri, $"sip:victim@{victim.Local}", StringComparison.Ordinal));
        await mallory.Expect("403");
        Assert.Empty(await victim.Listen(TimeSpan.FromSeconds(2)));

        // A BYE gets through wherever the other side may be by now.
        bob.Send(bob.InDialogOfCallee("BYE", bob.Heard.First(message => message.FirstLine.StartsWith("INVITE", StringComparison.Ordinal)), 9));
        mallory.Respond(await mallory.Expect("BYE"), 200);
    });

    [Theory]
    [InlineData("192.0.2.50")]
    [InlineData("192.0.2.51")]
    public void TrustedPeer_ByAddressOrByName_MaySendOn(string address) => ServerWorld.Play(
        async s =>
        {
            ScriptedUa peer = s.Ua("peer", address);
            ScriptedUa far = s.Ua("far", "192.0.2.60", port: 5060);
            s.Dns.Address("gw.b.example", "192.0.2.51").Address("c.example", "192.0.2.60");
            (RawMessage invite, RawMessage ok) = await s.Call(peer, far, "sip:carol@c.example", ServerWorld.OfferV4);
            far.Send(far.InDialogOfCallee("INVITE", far.Heard[0], 8, ServerWorld.OfferV4)); // the other side is no peer of ours
            peer.Respond(await peer.Expect("INVITE"), 488);
            await far.Expect("488");
            far.Send(far.InDialogOfCallee("BYE", far.Heard[0], 9));
            peer.Respond(await peer.Expect("BYE"), 200);
            Assert.Equal("1 INVITE", ok["CSeq"]);
            Assert.NotNull(invite["Contact"]);
        },
        Trusting);

    [Fact]
    public void TrustedPeer_WhileDnsIsAskedForItsAddress_Waits() => ServerWorld.Play(
        async s =>
        {
            ScriptedUa peer = s.Ua("peer", "192.0.2.51");
            ScriptedUa far = s.Ua("far", "192.0.2.60", port: 5060);
            s.Dns.Address("gw.b.example", "192.0.2.51").Hold("gw.b.example", DnsType.A).Address("c.example", "192.0.2.60");
            peer.Send(peer.Request("INVITE", "sip:carol@c.example"));
            await s.Searching();
            s.Dns.Answer("gw.b.example", DnsType.A);
            s.Found();
            await far.Expect("INVITE");
        },
        Trusting);

    [Fact]
    public void ForeignServer_ToOneOfOurs_NeedsNoRegistration() => ServerWorld.Play(async s =>
    {
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        ScriptedUa far = s.Ua("far", "192.0.2.60");
        await s.Register(bob);
        far.Send(far.Request("INVITE", Bob, "From: <sip:t6@far.example>;tag=f", ServerWorld.OfferV4));
        RawMessage atBob = await bob.Expect("INVITE");
        bob.Respond(atBob, 200, body: ServerWorld.OfferV4);
        await far.Expect("200");
        bob.Send(bob.InDialogOfCallee("BYE", atBob, 5));
        far.Respond(await far.Expect("BYE"), 200);
        await bob.Expect("200");
    });
}
