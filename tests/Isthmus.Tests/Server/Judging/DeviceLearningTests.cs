// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;
using Isthmus.Testing;

namespace Isthmus.Tests.Server;

/// <summary>What the answers of devices teach about their IP versions.</summary>
public sealed class DeviceLearningTests
{
    private const string Bob = "sip:bob@example.com";

    [Fact]
    public void Auto_AnswerInTheOfferedVersion_IsLearned() => ServerWorld.Play(JudgeMethod.Auto, async s =>
    {
        // Bob registers on IPv6 only and has both: FIG. 8.
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob(bob: "2001:db8::20");
        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        bob.Respond(await bob.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
        Assert.Equal(IpVersions.V4, Assert.Single(s.Location.Find(Bob)).Can & IpVersions.V4);
    });

    [Theory]
    [InlineData(488, "Warning: 301 bob \"Incompatible network address formats: use IP4\"", "")]
    [InlineData(606, "Warning: 300 bob \"Incompatible network protocol\"", "")]
    [InlineData(380, "", ServerWorld.OfferV4)]
    [InlineData(200, "", ServerWorld.OfferV4)]
    public void Auto_AnswerThatPassesByTheOfferedVersion_IsLearnedAndSaidAtOnceTheNextTime(int status, string headers, string body) => ServerWorld.Play(JudgeMethod.Auto, async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await AnsweredOnce(s, status, headers, body);
        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV6));
        Assert.NotNull((await alice.Expect("488"))["Warning"]);
        Assert.DoesNotContain(bob.Unread, m => m.Method == "INVITE");
    });

    [Theory]
    [InlineData(488, "", "")] // about codecs, for all that can be told
    [InlineData(488, "Warning: 304 bob \"Media type not available\"", ServerWorld.OfferV4)]
    [InlineData(488, "", ServerWorld.OfferV6)]
    [InlineData(606, "", "")]
    [InlineData(486, "", "")]
    [InlineData(200, "", "v=0\r\no=- 1 1 IN IP4 192.0.2.20\r\ns=-\r\nc=IN IP4 192.0.2.20\r\nt=0 0\r\nm=audio 0 RTP/AVP 0\r\n")] // every line rejected
    public void Auto_AnswerThatSaysNothingAboutVersions_TeachesNothing(int status, string headers, string body) => ServerWorld.Play(JudgeMethod.Auto, async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await AnsweredOnce(s, status, headers, body);
        var device = Assert.Single(s.Location.Find(Bob));
        Assert.Equal((IpVersions.None, IpVersions.None), (device.Can, device.Cannot));
        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV6));
        await bob.Expect("INVITE");
    });

    [Fact]
    public void Auto_BothEndsDoIce_TheAnswersVersionProvesNothing() => ServerWorld.Play(JudgeMethod.Auto, async s =>
    {
        const string Ice = "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=candidate:1 1 udp 2130706431 192.0.2.10 40000 typ host\r\na=candidate:2 1 udp 2130706430 2001:db8::10 40000 typ host\r\n";
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob("2001:db8::10");
        for (int i = 0; i < 2; i++)
        {
            alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV6 + Ice));
            bob.Respond(await bob.Expect("INVITE"), 200, body: ServerWorld.OfferV4 + Ice);
            await alice.Expect("200");
        }

        Assert.Equal(["DeviceMayBeDualStack", "OfferOpen"], s.Verdicts.Select(v => v.Reason));
    });

    // Bob, on IPv4, has answered an offer of IPv6.
    private static async Task<(ScriptedUa Alice, ScriptedUa Bob)> AnsweredOnce(ServerWorld s, int status, string headers, string body)
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob("2001:db8::10");
        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV6));
        RawMessage received = await bob.Expect("INVITE");
        bob.Respond(received, status, headers: headers, body: body);
        RawMessage answer = await alice.Expect(status == 200 && body == ServerWorld.OfferV4 ? "488" : $"{status}"); // nobody would hear it
        if (!answer.Text.StartsWith("SIP/2.0 488", StringComparison.Ordinal) && status < 300)
        {
            alice.Send(alice.InDialog("ACK", invite, answer));
        }
        else
        {
            alice.AckFailure(invite, answer);
        }

        await bob.Expect("ACK");
        return (alice, bob);
    }
}
