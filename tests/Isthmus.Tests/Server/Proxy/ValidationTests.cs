// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server;
using Isthmus.Testing;

namespace Isthmus.Tests.Server;

public sealed class ValidationTests
{
    private const string Bob = "sip:bob@example.com";

    [Fact]
    public void Pipeline_Printed_IsTheOrderOfTheSteps() => ServerWorld.Play(s =>
    {
        Assert.Equal(
            "sanity → admission → max-forwards → loops → max-breadth → proxy-require → routes → options → registrar → events → location → messages → relay → locating → judge → bindings → away → forward",
            s.Proxy.Pipeline.ToString());
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData("tel:+15551234", "416")]
    [InlineData("http://example.com/", "416")]
    [InlineData("sip:nobody@example.com", "404")]
    [InlineData("sip:example.com", "404")]
    public void Invite_ToAUriThatCannotBeServed_IsRefused(string uri, string status) => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        await s.Register(alice);
        RawMessage invite = alice.Send(alice.Request("INVITE", uri, to: "<sip:bob@example.com>"));
        alice.AckFailure(invite, await alice.Expect(status));
    });

    [Fact]
    public void Invite_UserWhoLeft_480() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();
        await s.Register(bob, expires: 0);
        alice.Send(alice.Request("INVITE", Bob));
        await alice.Expect("480");
    });

    [Fact]
    public void Request_WithoutHopsLeft_483() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();
        alice.Send(alice.Request("INVITE", Bob, "Max-Forwards: 0"));
        await alice.Expect("483");
        Assert.Empty(bob.Unread);
    });

    [Fact]
    public void Register_ForAnotherRegistrarWithoutHopsLeft_483() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        await s.Register(alice);
        alice.Send(alice.Request("REGISTER", "sip:192.0.2.99", "Max-Forwards: 0"));
        await alice.Expect("483");
        alice.Send(alice.Request("REGISTER", "sip:example.com", "Max-Forwards: 0", to: "<sip:alice@example.com>"));
        await alice.Expect("200");
    });

    [Fact]
    public void Options_ToTheServerWithAnUnknownRequire_420() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        alice.Send(alice.Request("OPTIONS", "sip:example.com", "Require: path, telepathy"));
        Assert.Equal("telepathy", (await alice.Expect("420"))["Unsupported"]);
    });

    [Fact]
    public void Options_WithoutHopsLeft_IsAnsweredHere() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        alice.Send(alice.Request("OPTIONS", Bob, "Max-Forwards: 0"));
        Assert.NotNull((await alice.Expect("200"))["Allow"]);
    });

    [Theory]
    [InlineData("sip:192.0.2.1")]
    [InlineData("sip:[2001:db8::1]")]
    [InlineData("sip:example.com")]
    public void Options_ToTheServer_TellsWhatItCan(string uri) => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        alice.Send(alice.Request("OPTIONS", uri));
        RawMessage answer = await alice.Expect("200");
        Assert.NotNull(answer["Allow"]);
        Assert.NotNull(answer["Accept"]);
        Assert.NotNull(answer["Supported"]);
    });

    [Fact]
    public void Request_WantsAnUnknownExtensionOfProxies_420() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();
        alice.Send(alice.Request("INVITE", Bob, "Proxy-Require: nothing, else"));
        Assert.Equal("nothing, else", (await alice.Expect("420"))["Unsupported"]);
    });

    [Theory]
    [InlineData("Max-Breadth: 0", "440")]
    [InlineData("Max-Breadth: many", "400")]
    [InlineData("Max-Forwards: 256", "400")]
    [InlineData("Max-Forwards: -1", "400")]
    [InlineData("Route: <sip:192.0.2.1;lr", "400")]
    public void Request_BadNumbers_AreRefused(string header, string status) => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();
        alice.Send(alice.Request("INVITE", Bob, header));
        await alice.Expect(status);
    });

    [Fact]
    public void Request_ComesBackUnchanged_482() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();
        alice.Send(alice.Request("INVITE", Bob));
        RawMessage atBob = await bob.Expect("INVITE");

        // Bob sends it back to where it came from, as it first was but for one more Via and one hop less.
        string back = atBob.Text.Replace("INVITE " + atBob.RequestUri, "INVITE " + Bob, StringComparison.Ordinal)
            .Replace("Via: " + atBob.Lines("Via")[0], $"Via: SIP/2.0/UDP {bob.Local};branch=z9hG4bKback\r\nVia: {atBob.Lines("Via")[0]}", StringComparison.Ordinal);
        bob.Send(back);
        await bob.Expect("482");
    });

    [Fact]
    public void Request_SpiralsToAnotherUser_IsForwarded() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        ScriptedUa carol = s.Ua("carol", "192.0.2.30");
        await s.Register(alice, bob, carol);
        alice.Send(alice.Request("INVITE", Bob));
        RawMessage atBob = await bob.Expect("INVITE");
        string on = atBob.Text.Replace("INVITE " + atBob.RequestUri, "INVITE sip:carol@example.com", StringComparison.Ordinal)
            .Replace("Via: " + atBob.Lines("Via")[0], $"Via: SIP/2.0/UDP {bob.Local};branch=z9hG4bKon\r\nVia: {atBob.Lines("Via")[0]}", StringComparison.Ordinal);
        bob.Send(on);
        await carol.Expect("INVITE");
    });

    [Fact]
    public void Invite_TooManyCalls_503WithRetryAfter() => ServerWorld.Play(
        async s =>
        {
            ScriptedUa alice = s.Ua("alice", "192.0.2.10");
            ScriptedUa bob = s.Ua("bob", "192.0.2.20");
            await s.Register(alice, bob);
            alice.Send(alice.Request("INVITE", Bob));
            await bob.Expect("INVITE");
            alice.Send(alice.Request("INVITE", Bob));
            Assert.NotNull((await alice.Expect("503"))["Retry-After"]);
        },
        new ServerOptions { Limits = new LimitOptions { Calls = 1 } });

    [Theory]
    [InlineData("Content-Length: 999\n", "400")]
    [InlineData("CSeq: x INVITE\n", "400")]
    public void Request_Malformed_400OrSilence(string header, string status) => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();
        RawMessage request = alice.Request("INVITE", Bob, header.StartsWith("CSeq", StringComparison.Ordinal) ? header : "");
        alice.Send(header.StartsWith("CSeq", StringComparison.Ordinal) ? request.Text : request.Text.Replace("Content-Length: ?", header.Trim(), StringComparison.Ordinal));
        await alice.Expect(status);
        alice.Send("complete nonsense\r\n\r\n");
        alice.Send("INVITE\r\n");
        Assert.Empty(await bob.Listen(TimeSpan.FromSeconds(1)));
        alice.Send(alice.Request("OPTIONS", "sip:example.com"));
        await alice.Expect("200");
    });

    [Fact]
    public void Request_WithoutMaxForwards_GetsSeventy() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();
        RawMessage invite = alice.Request("INVITE", Bob, "Max-Breadth: 500");
        alice.Send(invite.Text.Replace("Max-Forwards: 70\r\n", "", StringComparison.Ordinal));
        RawMessage atBob = await bob.Expect("INVITE");
        Assert.Equal("70", atBob["Max-Forwards"]);
        Assert.Equal("60", Assert.Single(atBob.Lines("Max-Breadth")));
    });

    [Fact]
    public void Request_WithOddButLegalText_LeavesAsItCameButForTheHopHeaders() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();
        const string Odd = "sUBJECT :  two  spaces\r\nX-Folded: one\r\n  two\r\n\tthree\r\nk: a,b , c\r\nX-Empty:\r\nX-Utf8: \u00e4\u6f22\r\n";
        RawMessage message = alice.Request("MESSAGE", Bob, "Content-Type: text/plain", "line\r\n\r\nline \u00e4");
        alice.Send(message.Text.Replace("Content-Type:", Odd + "Content-Type:", StringComparison.Ordinal));
        RawMessage atBob = await bob.Expect("MESSAGE");
        Assert.Contains(Odd, atBob.Text, StringComparison.Ordinal);
        Assert.Equal(message.Body, atBob.Body);
        string[] hop = ["Via", "Max-Forwards", "Max-Breadth", "Content-Length"];
        static IEnumerable<string> Rest(RawMessage m, string[] hop) =>
            m.Text.Split("\r\n\r\n")[0].Split("\r\n").Skip(1).Where(line => !hop.Any(h => line.StartsWith(h + ":", StringComparison.Ordinal)));
        Assert.Equal(Rest(message, hop), Rest(atBob, hop).Where(line => !Odd.Contains(line, StringComparison.Ordinal)));
    });

    [Fact]
    public void Request_MutatedInAThousandWays_ServerGoesOn() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob(bob: "2001:db8::20");
        var chance = new Random(20);
        string[] methods = ["INVITE", "MESSAGE", "ACK", "BYE", "CANCEL", "REGISTER", "SUBSCRIBE"];
        for (int i = 0; i < 1000; i++)
        {
            string text = alice.Request(methods[i % methods.Length], Bob, "Route: <sip:192.0.2.1;lr>\nRecord-Route: <sip:192.0.2.7;lr>\nMax-Breadth: 9", ServerWorld.OfferV4).Text;
            char[] mutated = text.ToCharArray();
            for (int change = chance.Next(1, 6); change > 0; change--)
            {
                mutated[chance.Next(mutated.Length)] = (char)chance.Next(1, 256);
            }

            alice.Send(new string(mutated));
            await s.World.Delay(TimeSpan.FromMilliseconds(1));
        }

        alice.Send(alice.Request("OPTIONS", "sip:example.com", callId: "still-there"));
        await s.World.Until(() => alice.Unread.Any(m => m["Call-ID"] == "still-there" && m.Status == 200));
    });

    [Fact]
    public void Invite_ToASipsUriWithoutTls_416() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();
        alice.Send(alice.Request("INVITE", "sips:bob@example.com"));
        await alice.Expect("416");
    });

    [Fact]
    public void Invite_MoreDevicesThanBranches_OnlySoManyRing() => ServerWorld.Play(
        async s =>
        {
            ScriptedUa alice = s.Ua("alice", "192.0.2.10");
            ScriptedUa[] bobs = [.. Enumerable.Range(20, 4).Select(i => s.Ua("bob", $"192.0.2.{i}"))];
            await s.Register([alice, .. bobs]);
            alice.Send(alice.Request("INVITE", Bob));
            await s.World.Delay(TimeSpan.FromSeconds(1));
            Assert.Equal(2, bobs.Count(b => b.Unread.Count > 0));
        },
        new ServerOptions { Limits = new LimitOptions { Branches = 2 } });
}
