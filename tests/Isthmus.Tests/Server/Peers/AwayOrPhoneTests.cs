// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Peers;

/// <summary>Which Contact leads to another domain, and which is that of a phone that writes a name (docs/decisions/0048).</summary>
public sealed class AwayOrPhoneTests
{
    private const string Bob = "sip:bob@example.com";

    [Fact]
    public void Phone_WhoseNameDnsDoesNotKnow_IsReachedWhereItRegisteredFrom() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        await ServerWorld.RegisterContact(bob, "<sip:bob@pc17.corp.example>");
        s.Warm("sip:bob@pc17.corp.example");
        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        RawMessage atBob = await bob.Expect("INVITE");
        Assert.Equal("sip:bob@pc17.corp.example", atBob.RequestUri);
        bob.Respond(atBob, 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
    });

    [Fact]
    public void Phone_WhoseNameLeadsToWhereItRegisteredFrom_KeepsItsPort() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        await ServerWorld.RegisterContact(bob, "<sip:bob@pc17.corp.example>");
        s.Dns.Address("pc17.corp.example", "192.0.2.20");
        s.Warm("sip:bob@pc17.corp.example");
        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        bob.Respond(await bob.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
    });

    [Fact]
    public void AwayOfADeadName_BesideThePhoneThatRegisteredIt_RingsThePhoneOnce() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        await ServerWorld.RegisterContact(bob, $"{bob.Contact}, <sip:robert@gone.example>");
        s.Warm("sip:robert@gone.example");
        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        RawMessage atBob = await bob.Expect("INVITE");
        Assert.Equal($"sip:bob@{bob.Local}", atBob.RequestUri);
        bob.Respond(atBob, 486);
        await alice.Expect("486");
        Assert.Single(bob.Heard, message => message.FirstLine.StartsWith("INVITE", StringComparison.Ordinal));
    });

    [Fact]
    public void BothContactsInOneRequest_ThePhoneIsStillKnownAsTheCaller() => ServerWorld.Play(JudgeMethod.Arrival, async s =>
    {
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        ScriptedUa far = s.Ua("far", "192.0.2.99");
        await ServerWorld.RegisterContact(bob, $"<sip:robert@b.example>;q=1.0, {bob.Contact};q=0.5");
        bob.Send(bob.Request("INVITE", $"sip:far@{far.Local}", $"Contact: <sip:bob@192.0.2.20:9>", ServerWorld.OfferV4));
        await far.Expect("INVITE");
        Assert.Equal([true, false], s.Location.Find(Bob).Select(device => device.IsAway));
    });

    [Theory]
    [InlineData("<sip:robert@b.example>", true)]
    [InlineData("<sip:robert@b.example>;q=0.5;expires=60", true)]
    [InlineData("<sips:robert@b.example>", true)]
    [InlineData("<sip:robert@b.example.>", true)]
    [InlineData("<sip:robert@b.example:5060>", false)] // one certain host, as a phone writes itself
    [InlineData("<sip:robert@b.example;transport=tcp>", false)]
    [InlineData("<sip:robert@b.example;ob>", false)]
    [InlineData("<sip:robert@b.example>;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000000000a11>\"", false)]
    [InlineData("<sip:b.example>", false)]
    [InlineData("<sip:robert@pc17>", false)]
    [InlineData("<sip:robert@pc17.local>", false)]
    [InlineData("<sip:robert@df7jal23ls0d.invalid>", false)]
    [InlineData("<sip:robert@192.0.2.20>", false)]
    [InlineData("<sip:robert@[2001:db8::20]>", false)]
    public void Contact_LooksLikeAnAddressOfRecord_LeadsAway(string contact, bool isAway) => ServerWorld.Play(async s =>
    {
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        await ServerWorld.RegisterContact(bob, contact);
        Assert.Equal(isAway, Assert.Single(s.Location.Find(Bob)).IsAway);
    });
}
