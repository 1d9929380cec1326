// SPDX-License-Identifier: Apache-2.0
using Isthmus.Testing;

namespace Isthmus.Tests.Server;

public sealed class StatelessTests
{
    private const string Bob = "sip:bob@example.com";

    [Theory]
    [InlineData("192.0.2.10", "192.0.2.20", false)]
    [InlineData("192.0.2.10", "2001:db8::20", false)]
    [InlineData("2001:db8::10", "192.0.2.20", true)]
    public void Options_ToTheOneDeviceOfAUser_GoesThroughWithoutATransaction(string caller, string callee, bool tcp) => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", caller, tcp);
        ScriptedUa bob = s.Ua("bob", callee);
        await s.Register(alice, bob);
        await s.World.Until(() => s.Stack.LiveTransactions == 0);

        alice.Send(alice.Request("OPTIONS", Bob));
        RawMessage atBob = await bob.Expect("OPTIONS");
        Assert.Equal(0, s.Stack.LiveTransactions);
        Assert.Equal("69", atBob["Max-Forwards"]);
        Assert.Equal(2, atBob.Elements("Via").Count);
        Assert.Empty(atBob.Lines("Record-Route"));

        bob.Respond(atBob, 200, "Hello", "X-From: bob\n");
        RawMessage ok = await alice.Expect("200");
        Assert.Equal("bob", ok["X-From"]);
        Assert.Single(ok.Elements("Via"));
        Assert.Equal(0, s.Stack.LiveTransactions);
        Assert.Equal((1, 0), (s.Proxy.Counters.Forwarded, s.Proxy.Counters.StrayResponses));
    });

    [Fact]
    public void Options_Repeated_TakesTheSameBranchAndEachResponseGoesBack() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();

        RawMessage options = alice.Request("OPTIONS", Bob);
        alice.Send(options);
        alice.Send(options);
        RawMessage first = await bob.Expect("OPTIONS");
        await s.World.Until(() => s.Proxy.Counters.Forwarded == 2);
        await s.World.Delay(TimeSpan.FromSeconds(1));
        Assert.Empty(bob.Unread); // one does not hear the same bytes twice

        bob.Respond(first, 486);
        bob.Respond(first, 486);
        await alice.Expect("486");
        Assert.Equal(0, s.Proxy.Counters.StrayResponses);

        alice.Send(alice.Request("OPTIONS", Bob));
        RawMessage other = await bob.Expect("OPTIONS");
        Assert.NotEqual(first.Elements("Via")[0], other.Elements("Via")[0]);
    });

    [Theory]
    [InlineData("192.0.2.10", false)]
    [InlineData("2001:db8::10", true)]
    public void Register_ThatOnlyRenews_KeepsNoTransaction(string address, bool tcp) => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", address, tcp);
        await s.Register(alice);
        await s.World.Until(() => s.Stack.LiveTransactions == 0);

        for (int i = 0; i < 2; i++)
        {
            await s.Register(alice);
            Assert.Equal(0, s.Stack.LiveTransactions);
        }

        await s.Register(alice, expires: 0);
        Assert.Empty(s.Location.Find("sip:alice@example.com"));
    });

    [Fact]
    public void Register_ThatOnlyRenews_IsLookedAtByEveryStepBeforeTheRegistrar() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        await s.Register(alice);
        alice.Send(alice.Request(
            "REGISTER", "sip:example.com", $"Contact: {alice.Contact}\nExpires: 3600\nProxy-Require: magic\n", callId: $"register-alice-{alice.Local}", to: "<sip:alice@example.com>", cseq: 99));
        Assert.Equal("magic", (await alice.Expect("420"))["Unsupported"]);
    });

    [Fact]
    public void Options_ToAUserWithTwoDevices_IsRemembered() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa one, ScriptedUa two) = await s.AliceAndTwoOfBob();

        alice.Send(alice.Request("OPTIONS", Bob));
        one.Respond(await one.Expect("OPTIONS"), 404);
        two.Respond(await two.Expect("OPTIONS"), 200);
        await alice.Expect("200");
        Assert.Equal(2, s.Proxy.Counters.Branches);
        Assert.NotEqual(0, s.Stack.LiveTransactions);
    });

    [Theory]
    [InlineData("z9hG4bK0123456789abcdef.0123456789abcdef")]
    [InlineData("z9hG4bK")]
    [InlineData("z9hG4bKx")]
    public void Response_WithABranchThatNobodyMade_IsDropped(string branch) => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();

        bob.Send($"""
            SIP/2.0 200 OK
            Via: SIP/2.0/UDP 192.0.2.1:5060;branch={branch}
            Via: SIP/2.0/UDP {alice.Local};branch=z9hG4bKabc
            From: <sip:alice@example.com>;tag=1
            To: <sip:bob@example.com>;tag=2
            Call-ID: made-up
            CSeq: 1 OPTIONS
            Content-Length: 0


            """.ReplaceLineEndings("\r\n"));
        await s.World.Until(() => s.Proxy.Counters.StrayResponses == 1);
        Assert.Empty(alice.Unread);
    });

    [Fact]
    public void Response_OfAnotherRequestUnderOurBranch_IsDropped() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();

        alice.Send(alice.Request("OPTIONS", Bob));
        RawMessage atBob = await bob.Expect("OPTIONS");
        bob.Send(bob.Respond(atBob, 200).Text.Replace(atBob["Call-ID"]!, "another", StringComparison.Ordinal));
        await alice.Expect("200"); // the right one
        await s.World.Until(() => s.Proxy.Counters.StrayResponses == 1);
        Assert.Empty(alice.Unread);
    });

    [Fact]
    public void Options_ToTheServer_IsAnsweredTheSameEachTimeWithoutATransaction() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        RawMessage options = alice.Request("OPTIONS", "sip:example.com");
        alice.Send(options);
        alice.Send(options);
        RawMessage first = await alice.Expect("200");
        await s.World.Until(() => s.Proxy.Counters.Answered == 2);
        await s.World.Delay(TimeSpan.FromSeconds(1));
        Assert.Empty(alice.Unread); // one does not hear the same bytes twice
        Assert.Contains(";tag=", first["To"], StringComparison.Ordinal);
        Assert.Equal("OPTIONS, REGISTER, SUBSCRIBE, PUBLISH", first["Allow"]);
        Assert.Equal("path, gruu", first["Supported"]);
        Assert.Equal(0, s.Stack.LiveTransactions);
    });
}
