// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Testing;

namespace Isthmus.Tests.Server;

/// <summary>What becomes of answers and refusals of another IP version than the caller's (docs/decisions/0035).</summary>
public sealed class AnswerReviewTests
{
    private const string Bob = "sip:bob@example.com";
    private const string Alices = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000000000a11>\"";
    private const string Bobs = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000000000b0b>\"";

    [Fact]
    public void Auto_AnswerOfAVersionThatTheCallerLacks_IsRefusedAndTheDeviceReleased() => ServerWorld.Play(JudgeMethod.Auto, async s =>
    {
        (ScriptedUa carol, ScriptedUa bob) = await s.CarolAndBob();

        RawMessage invite = carol.Send(carol.Request("INVITE", Bob, body: ServerWorld.OfferV6));
        RawMessage atBob = await bob.Expect("INVITE");
        bob.Respond(atBob, 200, body: ServerWorld.OfferV4);
        RawMessage ack = await bob.Expect("ACK");
        RawMessage bye = await bob.Expect("BYE");
        bob.Respond(bye, 200);
        Assert.Null(ack["Route"]);
        Assert.Equal(atBob["CSeq"]!.Split(' ')[0], ack["CSeq"]!.Split(' ')[0]);
        Assert.Equal(ack["To"], bye["To"]);
        RawMessage refusal = await carol.Expect("488");
        carol.AckFailure(invite, refusal);
        Assert.Contains("use IP4", refusal["Warning"], StringComparison.Ordinal);
        Assert.Contains("c=IN IP4 ", refusal.Body, StringComparison.Ordinal);
        Assert.Equal(["DeviceMayBeDualStack", "AnsweredByOtherVersion"], s.Verdicts.Select(v => v.Reason));
        Assert.Empty(s.Proxy.Calls.Calls);

        bob.Respond(atBob, 200, body: ServerWorld.OfferV4);
        await bob.Expect("ACK");

        carol.Send(carol.Request("INVITE", Bob, body: ServerWorld.OfferV6, callId: "next"));
        await carol.Expect("488");
        Assert.Empty(bob.Unread);
    });

    [Theory]
    [InlineData(JudgeMethod.Auto, "Supported: ip-redirect")]
    [InlineData(JudgeMethod.Carry, null)]
    public void AnswerOfTheOtherVersion_WhereTheCallerOrTheMethodWantsIt_GoesBack(JudgeMethod method, string? headers) => ServerWorld.Play(method, async s =>
    {
        (ScriptedUa carol, ScriptedUa bob) = await s.CarolAndBob();

        carol.Send(carol.Request("INVITE", Bob, headers ?? "", ServerWorld.OfferV6));
        bob.Respond(await bob.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        Assert.Equal(ServerWorld.OfferV4, (await carol.Expect("200")).Body);
    });

    [Fact]
    public void Auto_AnswerOfTheOtherVersionBetweenTwoDualPhones_GoesBack() => ServerWorld.Play(JudgeMethod.Auto, async s =>
    {
        ScriptedUa alice6 = s.Ua("alice", "2001:db8::10");
        ScriptedUa bob6 = s.Ua("bob", "2001:db8::20");
        await s.Register(alice6, Alices);
        await s.Register(s.Ua("alice", "192.0.2.10"), Alices);
        await s.Register(bob6, Bobs);
        await s.Register(s.Ua("bob", "192.0.2.20"), Bobs);
        alice6.Send(alice6.Request("INVITE", Bob, body: ServerWorld.OfferV6));
        bob6.Respond(await bob6.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await alice6.Expect("200");
    });

    [Theory]
    [InlineData(JudgeMethod.Auto, "use IP4")]
    [InlineData(JudgeMethod.Carry, null)]
    public void BareRefusalOfAnotherVersion_InAuto_SaysWhy(JudgeMethod method, string? warning) => ServerWorld.Play(method, async s =>
    {
        (ScriptedUa carol, ScriptedUa bob) = await s.CarolAndBob();

        carol.Send(carol.Request("INVITE", Bob, body: ServerWorld.OfferV6));
        bob.Respond(await bob.Expect("INVITE"), 488);
        RawMessage refusal = await carol.Expect("488");
        Assert.Equal(warning is not null, refusal["Warning"]?.Contains(warning ?? "", StringComparison.Ordinal) ?? false);
        await bob.Expect("ACK");
    });
}
