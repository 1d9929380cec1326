// SPDX-License-Identifier: Apache-2.0
using Isthmus.Testing;

namespace Isthmus.Tests.Server;

public sealed class ForkingTests
{
    private const string Bob = "sip:bob@example.com";

    [Fact]
    public void Invite_OneDevice_CallIsSetUpAndEnded() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();

        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, "X-Odd:   kept  as it is", ServerWorld.OfferV4));
        await alice.Expect("100");
        RawMessage atBob = await bob.Expect("INVITE");
        Assert.Equal($"sip:bob@{bob.Local}", atBob.RequestUri);
        Assert.Equal("69", atBob["Max-Forwards"]);
        Assert.Equal("60", atBob["Max-Breadth"]);
        Assert.Equal(2, atBob.Elements("Via").Count);
        Assert.Contains("X-Odd:   kept  as it is", atBob.Text, StringComparison.Ordinal);
        Assert.Equal(invite.Body, atBob.Body);
        string route = Assert.Single(atBob.Elements("Record-Route"));
        Assert.Contains("sip:192.0.2.1", route, StringComparison.Ordinal);
        Assert.Contains(";lr", route, StringComparison.Ordinal);

        bob.Respond(atBob, 180);
        RawMessage ringing = await alice.Expect("180");
        Assert.Single(ringing.Elements("Via"));
        bob.Respond(atBob, 200, "OK", body: ServerWorld.OfferV4);
        RawMessage ok = await alice.Expect("200");
        Assert.Single(s.Proxy.Calls.Calls, c => c.State == "answered");

        alice.Send(alice.InDialog("ACK", invite, ok));
        RawMessage ack = await bob.Expect("ACK");
        Assert.Equal($"sip:bob@{bob.Local}", ack.RequestUri);
        Assert.Empty(ack.Lines("Route"));

        alice.Send(alice.InDialog("BYE", invite, ok, 2));
        bob.Respond(await bob.Expect("BYE"), 200);
        await alice.Expect("200");
        Assert.Empty(s.Proxy.Calls.Calls);
    });

    [Fact]
    public void Invite_TwoDevices_BothRingAndTheLoserIsCancelled() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob1, ScriptedUa bob2) = await s.AliceAndTwoOfBob();

        (_, RawMessage one, RawMessage two) = await ServerWorld.Fork(alice, Bob, bob1, bob2);
        Assert.NotEqual(one.Parameter("Via", "branch"), two.Parameter("Via", "branch"));
        Assert.Equal(["30", "30"], [one["Max-Breadth"], two["Max-Breadth"]]);
        bob1.Respond(one, 180);
        bob2.Respond(two, 180);
        bob2.Respond(two, 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");

        RawMessage cancel = await bob1.Expect("CANCEL");
        Assert.Equal(one.RequestUri, cancel.RequestUri);
        Assert.Equal(one.Elements("Via")[0], Assert.Single(cancel.Elements("Via")));
        bob1.Respond(cancel, 200);
        bob1.Respond(one, 487);
        await bob1.Expect("ACK");
        Assert.DoesNotContain(await alice.Listen(TimeSpan.FromSeconds(40)), m => m.Status >= 300);
    });

    [Fact]
    public void Invite_SecondOkAfterTheFirst_BothReachTheCaller() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob1, ScriptedUa bob2) = await s.AliceAndTwoOfBob();

        (_, RawMessage one, RawMessage two) = await ServerWorld.Fork(alice, Bob, bob1, bob2);
        bob1.Respond(one, 200, body: ServerWorld.OfferV4);
        bob2.Respond(two, 200, body: ServerWorld.OfferV4);
        RawMessage first = await alice.Expect("200");
        RawMessage second = await alice.Expect("200");
        Assert.NotEqual(first.Parameter("To", "tag"), second.Parameter("To", "tag"));
    });

    [Fact]
    public void Invite_DecliningEverywhere_CancelsTheRest() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob1, ScriptedUa bob2) = await s.AliceAndTwoOfBob();

        (RawMessage invite, RawMessage one, RawMessage two) = await ServerWorld.Fork(alice, Bob, bob1, bob2);
        bob2.Respond(two, 180);
        bob1.Respond(one, 603);
        bob2.Respond(await bob2.Expect("CANCEL"), 200);
        Assert.DoesNotContain(alice.Unread, m => m.Status >= 300);
        bob2.Respond(two, 487);
        RawMessage answer = await alice.Expect("603");
        alice.AckFailure(invite, answer);
    });

    [Theory]
    [InlineData(486, 404, 486)] // in the order of arrival within a class
    [InlineData(404, 500, 404)] // the lowest class
    [InlineData(487, 486, 486)]
    [InlineData(488, 480, 488)]
    [InlineData(486, 380, 380)]
    [InlineData(503, 486, 486)]
    [InlineData(503, 503, 500)]
    public void Invite_AllFail_BestResponseIsChosen(int first, int second, int expected) => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob1, ScriptedUa bob2) = await s.AliceAndTwoOfBob();

        (RawMessage invite, RawMessage one, RawMessage two) = await ServerWorld.Fork(alice, Bob, bob1, bob2);
        bob1.Respond(one, first);
        await bob1.Expect("ACK");
        Assert.DoesNotContain(alice.Unread, m => m.Status >= 300);
        bob2.Respond(two, second);
        alice.AckFailure(invite, await alice.Expect(expected.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    });

    [Fact]
    public void Invite_TwoChallenges_AreAggregated() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob1, ScriptedUa bob2) = await s.AliceAndTwoOfBob();

        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        bob1.Respond(await bob1.Expect("INVITE"), 401, headers: "WWW-Authenticate: Digest realm=\"one\", nonce=\"a\"");
        bob2.Respond(await bob2.Expect("INVITE"), 407, headers: "Proxy-Authenticate: Digest realm=\"two\", nonce=\"b\"");
        RawMessage answer = await alice.Expect("401");
        Assert.Contains("one", Assert.Single(answer.Lines("WWW-Authenticate")), StringComparison.Ordinal);
        Assert.Contains("two", Assert.Single(answer.Lines("Proxy-Authenticate")), StringComparison.Ordinal);
    });

    [Fact]
    public void Invite_RedirectOfOneDevice_DoesNotStopTheOther() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob1, ScriptedUa bob2) = await s.AliceAndTwoOfBob();

        (_, RawMessage one, RawMessage two) = await ServerWorld.Fork(alice, Bob, bob1, bob2);
        bob2.Respond(two, 180);
        bob1.Respond(one, 380);
        await bob1.Expect("ACK");
        Assert.DoesNotContain(await bob2.Listen(TimeSpan.FromSeconds(5)), m => m.Method == "CANCEL");
        bob2.Respond(two, 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
    });

    [Fact]
    public void Invite_DifferentQ_HigherFirstThenTheNext() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa desk, ScriptedUa mobile) = await s.AliceAndTwoOfBob(first: ";q=0.9", second: ";q=0.1");

        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        RawMessage first = await desk.Expect("INVITE");
        Assert.Empty(await mobile.Listen(TimeSpan.FromSeconds(1)));
        desk.Respond(first, 486);
        mobile.Respond(await mobile.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
    });

    [Fact]
    public void Invite_DifferentQNobodyAnswers_NextGroupAfterTheSerialTimeout() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa desk, ScriptedUa mobile) = await s.AliceAndTwoOfBob(first: ";q=0.9", second: ";q=0.1");

        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        RawMessage first = await desk.Expect("INVITE");
        desk.Respond(first, 180);
        await desk.ExpectCancel(first, TimeSpan.FromSeconds(25));
        mobile.Respond(await mobile.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
    });

    [Fact]
    public void Invite_MaxBreadthOfOne_DevicesRingOneAfterTheOther() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob1, ScriptedUa bob2) = await s.AliceAndTwoOfBob();

        alice.Send(alice.Request("INVITE", Bob, "Max-Breadth: 1", ServerWorld.OfferV4));
        await s.World.Delay(TimeSpan.FromSeconds(1));
        ScriptedUa first = bob1.Unread.Count > 0 ? bob1 : bob2;
        ScriptedUa second = first == bob1 ? bob2 : bob1;
        Assert.Empty(second.Unread);
        RawMessage invite = await first.Expect("INVITE");
        Assert.Equal("1", invite["Max-Breadth"]);
        first.Respond(invite, 486);
        second.Respond(await second.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
    });

    [Fact]
    public void Invite_DeviceWithTwoBindings_RingsOnce() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob4, ScriptedUa bob6) = await s.AliceAndTwoOfBob("2001:db8::20", ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-00000000b0b0>\"", ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-00000000b0b0>\"");

        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        bob4.Respond(await bob4.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
        Assert.Empty(await bob6.Listen(TimeSpan.FromSeconds(2)));
    });
}
