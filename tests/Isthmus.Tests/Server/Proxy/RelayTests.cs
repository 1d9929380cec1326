// SPDX-License-Identifier: Apache-2.0
using Isthmus.Testing;

namespace Isthmus.Tests.Server;

public sealed class RelayTests
{
    private const string Bob = "sip:bob@example.com";

    [Fact]
    public void Stranger_ToAnAddress_IsRefused() => ServerWorld.Play(async s =>
    {
        ScriptedUa mallory = s.Ua("mallory", "192.0.2.66");
        ScriptedUa victim = s.Ua("victim", "192.0.2.99");
        mallory.Send(mallory.Request("INVITE", $"sip:victim@{victim.Local}"));
        await mallory.Expect("403");
        Assert.Empty(victim.Unread);
    });

    [Fact]
    public void Stranger_WithAMadeUpRouteAndTag_IsRefused() => ServerWorld.Play(async s =>
    {
        ScriptedUa mallory = s.Ua("mallory", "192.0.2.66");
        ScriptedUa victim = s.Ua("victim", "192.0.2.99");
        mallory.Send(mallory.Request("BYE", $"sip:victim@{victim.Local}", "Route: <sip:192.0.2.1:5060;lr>", to: "<sip:victim@example.com>;tag=made-up"));
        await mallory.Expect("403");
        mallory.Send(mallory.Request("BYE", $"sip:victim@{victim.Local}", $"Route: <sip:192.0.2.1:5060;lr>, <sip:{victim.Local};lr>", to: "<sip:victim@example.com>;tag=made-up"));
        await mallory.Expect("403");
        Assert.Empty(await victim.Listen(TimeSpan.FromSeconds(1)));
    });

    [Fact]
    public void Stranger_ClaimsToBeAUser_IsRefused() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa mallory = s.Ua("alice", "192.0.2.66");
        ScriptedUa victim = s.Ua("victim", "192.0.2.99");
        await s.Register(alice);
        mallory.Send(mallory.Request("INVITE", $"sip:victim@{victim.Local}", $"Contact: {alice.Contact}"));
        await mallory.Expect("403");
        Assert.Empty(victim.Unread);
    });

    [Fact]
    public void Stranger_Ack_GoesNowhere() => ServerWorld.Play(async s =>
    {
        ScriptedUa mallory = s.Ua("mallory", "192.0.2.66");
        ScriptedUa victim = s.Ua("victim", "192.0.2.99");
        mallory.Send(mallory.Request("ACK", $"sip:victim@{victim.Local}", "Route: <sip:192.0.2.1:5060;lr>", to: "<sip:victim@example.com>;tag=made-up"));
        Assert.Empty(await victim.Listen(TimeSpan.FromSeconds(1)));
        Assert.Equal(1, s.Proxy.Counters.Dropped);
    });

    [Fact]
    public void User_ToAnAddress_IsForwarded() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa far = s.Ua("far", "2001:db8::99");
        await s.Register(alice);
        alice.Send(alice.Request("INVITE", $"sip:far@{far.Local}"));
        Assert.Equal(2, (await far.Expect("INVITE")).Elements("Record-Route").Count);
    });

    [Fact]
    public void User_ToAForeignDomain_404() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        await s.Register(alice);
        alice.Send(alice.Request("INVITE", "sip:x@elsewhere.example"));
        await alice.Expect("404");
    });

    [Fact]
    public void Stranger_ToAUser_MayCallAndHangUp() => ServerWorld.Play(async s =>
    {
        ScriptedUa stranger = s.Ua("stranger", "2001:db8::66");
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        await s.Register(bob);
        RawMessage invite = stranger.Send(stranger.Request("INVITE", Bob));
        RawMessage atBob = await bob.Expect("INVITE");
        bob.Respond(atBob, 200, body: ServerWorld.OfferV4);
        RawMessage ok = await stranger.Expect("200");
        stranger.Send(stranger.InDialog("ACK", invite, ok));
        await bob.Expect("ACK");
        bob.Send(bob.InDialogOfCallee("BYE", atBob, 5));
        stranger.Respond(await stranger.Expect("BYE"), 200);
        await bob.Expect("200");
    });
}
