// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Phone;
using Isthmus.Sip;
using Isthmus.Testing;
using static Isthmus.Tests.Phone.DirectCallTests;
using static Isthmus.Tests.Phone.PhoneScene;

namespace Isthmus.Tests.Phone;

/// <summary>Phone, server, phone: who can talk to whom, and by which version (docs/figures.md).</summary>
public sealed class CallsThroughServerTests
{
    public static TheoryData<JudgeMethod, string, string, SipTransport, SipTransport> Pairs()
    {
        var data = new TheoryData<JudgeMethod, string, string, SipTransport, SipTransport>();
        string[] terminals = ["v4", "v6", "dual4", "dual6"];
        foreach (var method in Enum.GetValues<JudgeMethod>())
        {
            foreach (var caller in terminals)
            {
                foreach (var callee in terminals)
                {
                    data.Add(method, caller, callee, SipTransport.Udp, SipTransport.Udp);
                }
            }
        }

        data.Add(JudgeMethod.Arrival, "dual6", "v4", SipTransport.Tcp, SipTransport.Tcp);
        data.Add(JudgeMethod.Session, "dual6", "v4", SipTransport.Tcp, SipTransport.Udp);
        data.Add(JudgeMethod.Carry, "dual6", "v4", SipTransport.Udp, SipTransport.Tcp);
        data.Add(JudgeMethod.Auto, "v4", "dual6", SipTransport.Tcp, SipTransport.Udp);
        return data;
    }

    /// <summary>Whoever shares a version hears the other; whoever does not learns at once why not.</summary>
    [Theory]
    [MemberData(nameof(Pairs))]
    public void Dial_AnyPair_BothHearEachOtherOrTheCallerLearnsWhyNot(JudgeMethod method, string caller, string callee, SipTransport callers, SipTransport callees)
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var server = new PhoneServer(scene, method);
            var (low, high) = (new Tones(440), new Tones(1000));
            await using var alice = await Terminal(scene, "alice", caller, low, callers, second: false);
            await using var bob = await Terminal(scene, "bob", callee, high, callees, second: true);
            var began = scene.World.Time.GetUtcNow();

            var call = alice.Dial("bob");
            var answered = await call.Answered;

            if (!Versions(caller).Shares(Versions(callee)))
            {
                var refused = await call.Completion;
                Assert.False(answered);
                Assert.Equal(CallOutcome.IncompatibleVersions, refused.Outcome);
                Assert.NotNull(refused.Warning);
                Assert.True(scene.World.Time.GetUtcNow() - began < TimeSpan.FromSeconds(0.1));
            }
            else
            {
                Assert.True(answered, $"{call.State}\n{scene.World.Network.Ladder}");
                var incoming = await First(bob);
                await scene.Seconds(3);
                Assert.Equal(1000, low.Heard(call) ?? 0, 10.0);
                Assert.Equal(440, high.Heard(incoming) ?? 0, 10.0);
                Assert.Equal(call.MediaVersion, incoming.MediaVersion);
                Assert.True((Versions(caller) & Versions(callee)).Has(call.MediaVersion!.Value));
                if (Versions(caller) == IpVersions.Both && Versions(callee) == IpVersions.Both)
                {
                    Assert.Empty(call.Redirects);
                    Assert.Equal(caller == "dual4" ? IpVersion.V4 : IpVersion.V6, call.MediaVersion);
                }

                await call.HangUpAsync();
                Assert.True((await incoming.Completion).ByRemote);
            }

            await scene.AssertNothingLeft(alice, bob);
            Assert.Equal(0, server.Stack.LiveTransactions);
            Assert.Equal(0, server.Proxy.Calls.Count);
        });
    }

    /// <summary>FIG. 3 to 6: registered by both versions, by two requests or by one; redirected, signalling and media both change.</summary>
    [Theory]
    [InlineData(RegistrationMode.Both, null, JudgeMethod.Arrival)]
    [InlineData(RegistrationMode.Both, null, JudgeMethod.Session)]
    [InlineData(RegistrationMode.OneRequest, IpVersion.V6, JudgeMethod.Arrival)]
    [InlineData(RegistrationMode.OneRequest, IpVersion.V4, JudgeMethod.Session)]
    public void Figures3To6_DualCallsIpv4Only_AndIsCalled(RegistrationMode mode, IpVersion? by, JudgeMethod method)
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var server = new PhoneServer(scene, method);
            await using var t5 = await Terminal(scene, scene.T5, Account("t5", mode) with { RequestVersion = by }, IpVersion.V6);
            await using var t6 = await Terminal(scene, scene.T6, Account("t6", RegistrationMode.Ipv4), null);

            var call = t5.Dial("t6");
            Assert.True(await call.Answered);
            Assert.Equal([IpVersion.V4], call.Redirects);
            Assert.Equal((IpVersion.V4, IpVersion.V4), (call.SignallingVersion, call.MediaVersion));
            await call.HangUpAsync();

            var back = t6.Dial("t5");
            Assert.True(await back.Answered);
            Assert.Empty(back.Redirects);
            var incoming = Assert.Single(t5.Calls);
            Assert.Equal((IpVersion.V4, IpVersion.V4), (incoming.SignallingVersion, incoming.MediaVersion));
            incoming.HangUp();
            await back.Completion;
            await scene.AssertNothingLeft(t5, t6);
        });
    }

    /// <summary>FIG. 7 and 8: registered by IPv6 only, the signalling stays there and the media runs by IPv4.</summary>
    [Fact]
    public void Figures7And8_SignallingByIpv6_MediaByIpv4()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var server = new PhoneServer(scene, JudgeMethod.Carry);
            await using var t5 = await Terminal(scene, scene.T5, Account("t5", RegistrationMode.Ipv6), null);
            await using var t6 = await Terminal(scene, scene.T6, Account("t6", RegistrationMode.Ipv4), null);

            var call = t5.Dial("t6");
            Assert.True(await call.Answered);
            Assert.Equal([IpVersion.V4], call.Redirects);
            Assert.Equal((IpVersion.V6, IpVersion.V4), (call.SignallingVersion, call.MediaVersion));
            Assert.Contains(call.History, s => s is { Phase: CallPhase.Redirected, Status: 380 });
            await call.HangUpAsync();

            var back = t6.Dial("t5");
            Assert.True(await back.Answered);
            Assert.Empty(back.Redirects);
            var incoming = Assert.Single(t5.Calls);
            Assert.Equal((IpVersion.V6, IpVersion.V4), (incoming.SignallingVersion, incoming.MediaVersion));
            await back.HangUpAsync();
            await scene.AssertNothingLeft(t5, t6);
        });
    }

    /// <summary>FIG. "bye": whoever ends it, however it ends, nothing is left anywhere.</summary>
    [Theory]
    [InlineData("reject")]
    [InlineData("cancel")]
    [InlineData("cancel early")]
    [InlineData("hold")]
    [InlineData("digits")]
    public void Endings_AndWhatHappensInBetween_LeaveNothing(string what)
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var server = new PhoneServer(scene, JudgeMethod.Session);
            await using var t5 = await Terminal(scene, scene.T5, Account("t5"), IpVersion.V6, AnswerPolicy.Ask);
            await using var t6 = await Terminal(scene, scene.T6, Account("t6", RegistrationMode.Ipv4), null, AnswerPolicy.Ask);
            var call = t5.Dial("t6");
            if (what == "cancel early")
            {
                await scene.World.Until(() => call.State.Phase == CallPhase.Redirected);
                Assert.Equal(CallOutcome.Cancelled, (await call.HangUpAsync()).Outcome);
            }
            else
            {
                var incoming = await First(t6);
                await scene.World.Until(() => call.State.Phase == CallPhase.Ringing);
                switch (what)
                {
                    case "reject":
                        incoming.Reject();
                        Assert.Equal(CallOutcome.Busy, (await call.Completion).Outcome);
                        break;
                    case "cancel":
                        Assert.Equal(CallOutcome.Cancelled, (await call.HangUpAsync()).Outcome);
                        Assert.Equal(CallOutcome.Cancelled, (await incoming.Completion).Outcome);
                        break;
                    default:
                        incoming.Answer();
                        Assert.True(await call.Answered);
                        Assert.True(await call.HoldAsync());
                        Assert.Equal(HoldState.Remote, incoming.State.Hold);
                        Assert.True(await call.ResumeAsync());
                        Assert.True(incoming.SendDigits("42"));
                        await scene.Seconds(2);
                        Assert.Equal("42", call.ReceivedDigits);
                        await incoming.HangUpAsync();
                        Assert.True((await call.Completion).ByRemote);
                        break;
                }
            }

            await scene.AssertNothingLeft(t5, t6);
            Assert.Equal((0, 0), (server.Stack.LiveTransactions, server.Proxy.Calls.Count));
        });
    }

    [Fact]
    public void Dial_Nobody_OrSomebodyWhoLeft_IsNotFound()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var server = new PhoneServer(scene);
            await using var t5 = await Terminal(scene, scene.T5, Account("t5"), null);
            var t6 = await Terminal(scene, scene.T6, Account("t6", RegistrationMode.Ipv4), null);
            Assert.Equal(CallOutcome.NotFound, (await t5.CallAsync("nobody")).Outcome);
            await t6.DisposeAsync();
            Assert.Equal(CallOutcome.NotFound, (await t5.CallAsync("t6")).Outcome);
            await scene.AssertNothingLeft(t5);
        });
    }

    [Fact]
    public void Register_ShorterThanTheServerAllows_IsRaised()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var server = new PhoneServer(scene);
            await using var phone = scene.Phone(scene.T5, new PhoneOptions { Accounts = [Account("t5") with { Expires = TimeSpan.FromSeconds(10) }] });
            Assert.True((await phone.RegisterAsync()).IsComplete);
            Assert.Contains(scene.World.Network.Capture, s => s.FirstLine.StartsWith("SIP/2.0 423", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void SeveralAccounts_EachIsCalledAsItself()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var server = new PhoneServer(scene);
            await using var office = scene.Phone(scene.T8, new PhoneOptions { Accounts = [Account("sales"), Account("support")] });
            Assert.True((await office.RegisterAsync()).IsComplete);
            await using var t6 = await Terminal(scene, scene.T6, Account("t6", RegistrationMode.Ipv4), null);
            var call = t6.Dial("support");
            var incoming = await First(office);
            Assert.Equal("sip:support@example.com", incoming.Account?.Address);
            call.HangUp();
            await incoming.Completion;
            var back = office.Dial("t6", new DialOptions { Account = office.Accounts[1] });
            Assert.True(await back.Answered);
            Assert.Equal("sip:support@example.com", Assert.Single(t6.Calls).RemoteAddress);
            await back.HangUpAsync();
        });
    }

    private static IpVersions Versions(string terminal) => terminal switch { "v4" => IpVersions.V4, "v6" => IpVersions.V6, _ => IpVersions.Both };

    private static Task<SipPhone> Terminal(PhoneScene scene, string user, string kind, Tones tones, SipTransport transport, bool second)
    {
        var address = second ? 4 : 3;
        var (host, mode) = kind switch
        {
            "v4" => (scene.World.Network.Host(user, $"10.0.0.{address}"), RegistrationMode.Ipv4),
            "v6" => (scene.World.Network.Host(user, $"2001:db8::{address}"), RegistrationMode.Ipv6),
            _ => (second ? scene.T8 : scene.T5, RegistrationMode.Both),
        };
        IpVersion? prefer = kind switch { "dual4" => IpVersion.V4, "dual6" => IpVersion.V6, _ => null };
        return Terminal(scene, host, Account(user, mode), prefer, AnswerPolicy.Automatic, tones, transport);
    }

    private static async Task<SipPhone> Terminal(
        PhoneScene scene,
        MemoryHost host,
        AccountOptions account,
        IpVersion? prefer,
        AnswerPolicy answer = AnswerPolicy.Automatic,
        Tones? tones = null,
        SipTransport transport = SipTransport.Udp)
    {
        var phone = scene.Phone(host, new PhoneOptions { Accounts = [account], Prefer = prefer, Answer = answer, Ipv4Transport = transport, Ipv6Transport = transport }, tones);
        Assert.True((await phone.RegisterAsync()).IsComplete);
        return phone;
    }
}
