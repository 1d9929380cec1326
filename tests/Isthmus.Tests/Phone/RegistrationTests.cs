// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Phone;
using Isthmus.Sip;
using static Isthmus.Tests.Phone.PhoneScene;

namespace Isthmus.Tests.Phone;

/// <summary>Registering with a registrar that is played by hand, by each version apart.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public void Both_OneRegisterByEachVersion_OfOneDevice()
    {
        Play(Account("alice"), async (scene, phone, v4, v6) =>
        {
            var done = phone.RegisterAsync();
            var (four, six) = (await v4.Request(SipMethod.Register), await v6.Request(SipMethod.Register));
            Grant(v4, four);
            Grant(v6, six);
            var result = await done;

            Assert.True(result.IsComplete);
            Assert.Equal("IPv6 registered; IPv4 registered", result.Summary);
            Assert.Equal("sip:alice@10.0.0.5:5060", Assert.Single(four.Contacts).Uri.ToString());
            Assert.Equal("sip:alice@[2001:db8::5]:5060", Assert.Single(six.Contacts).Uri.ToString());
            Assert.Equal("sip:example.com", four.RequestUriText);
            Assert.NotEqual(four.CallId, six.CallId);
            var instance = Instance(four);
            Assert.Equal(instance, Instance(six));
            Assert.StartsWith("<urn:uuid:", instance, StringComparison.Ordinal);
            Assert.True(four.Lists(HeaderName.Supported, "ip-redirect") && six.Lists(HeaderName.Supported, "path"));
            Assert.Equal("3600", four.Text(HeaderName.Expires));
            Assert.Equal(IpVersions.Both, phone.Accounts[0].RegisteredVersions);
        });
    }

    [Theory]
    [InlineData(RegistrationMode.Ipv4, IpVersion.V4)]
    [InlineData(RegistrationMode.Ipv6, IpVersion.V6)]
    public void OneVersion_OneRegisterWithItsContact(RegistrationMode mode, IpVersion version)
    {
        Play(Account("alice", mode), async (scene, phone, v4, v6) =>
        {
            var (asked, other) = version == IpVersion.V4 ? (v4, v6) : (v6, v4);
            var done = phone.RegisterAsync();
            var register = await asked.Request(SipMethod.Register);
            Assert.Equal(version, Assert.Single(register.Contacts).SipUri!.Host.Version);
            Grant(asked, register);
            Assert.True((await done).IsComplete);
            Assert.False(other.HasMore);
            Assert.Equal(version.AsSet, phone.Accounts[0].RegisteredVersions);
            Assert.Null(phone.Accounts[0][version.Other]);
        });
    }

    [Theory]
    [InlineData(null, IpVersion.V6)]
    [InlineData(IpVersion.V4, IpVersion.V4)]
    public void OneRequest_OneRegisterWithBothContacts(IpVersion? by, IpVersion expected)
    {
        Play(Account("alice", RegistrationMode.OneRequest) with { RequestVersion = by }, async (scene, phone, v4, v6) =>
        {
            var (asked, other) = expected == IpVersion.V4 ? (v4, v6) : (v6, v4);
            var done = phone.RegisterAsync();
            var register = await asked.Request(SipMethod.Register);
            Assert.Equal([expected, expected.Other], register.Contacts.Select(c => c.SipUri!.Host.Version!.Value));
            Assert.Single(register.Contacts.Select(c => c.Parameters.Get("+sip.instance")).Distinct());
            Grant(asked, register);
            Assert.True((await done).IsComplete);
            Assert.False(other.HasMore);
            Assert.Equal(IpVersions.Both, phone.Accounts[0].RegisteredVersions);
        });
    }

    [Fact]
    public void TooBrief_AsksAgainWithTheMinimum_Once()
    {
        Play(Account("alice", RegistrationMode.Ipv4) with { Expires = TimeSpan.FromSeconds(60) }, async (scene, phone, v4, v6) =>
        {
            var done = phone.RegisterAsync();
            var first = await v4.Request(SipMethod.Register);
            v4.Send(first.Answer(423, null, "r").Header(HeaderName.MinExpires, "1800").Build());
            var second = await v4.Request(SipMethod.Register);
            Assert.Equal((first.CallId, "1800"), (second.CallId, second.Text(HeaderName.Expires)));
            Assert.Equal(first.CSeq.Number + 1, second.CSeq.Number);
            v4.Send(second.Answer(423, null, "r").Header(HeaderName.MinExpires, "7200").Build());
            Assert.Equal((RegistrationPhase.Failed, 423), ((await done).States[0].Phase, phone.Accounts[0][IpVersion.V4]!.Status));
        });
    }

    [Fact]
    public void Registered_IsRefreshedInTheSecondHalfOfItsLife()
    {
        Play(Account("alice", RegistrationMode.Ipv4), async (scene, phone, v4, v6) =>
        {
            var done = phone.RegisterAsync();
            Grant(v4, await v4.Request(SipMethod.Register), 600);
            await done;
            for (var i = 0; i < 3; i++)
            {
                var granted = scene.World.Time.GetUtcNow();
                var state = phone.Accounts[0][IpVersion.V4]!;
                Assert.InRange(state.Expires!.Value - granted, TimeSpan.FromSeconds(599), TimeSpan.FromSeconds(600));
                var refresh = await v4.Request(SipMethod.Register);
                Assert.InRange((scene.World.Time.GetUtcNow() - granted).TotalSeconds, 300, 536.1);
                Assert.Equal(RegistrationPhase.Registered, phone.Accounts[0][IpVersion.V4]!.Phase);
                Grant(v4, refresh, 600);
                await scene.Seconds(0.1);
            }
        });
    }

    [Fact]
    public void OneVersionFails_TheOtherStands_AndTheFailedOneComesBack()
    {
        Play(Account("alice"), async (scene, phone, v4, v6) =>
        {
            var done = phone.RegisterAsync();
            Grant(v4, await v4.Request(SipMethod.Register), 7200);
            var six = await v6.Request(SipMethod.Register);
            v6.Respond(six, 503);
            var result = await done;
            Assert.Equal((false, true), (result.IsComplete, result.IsUsable));
            Assert.Equal("IPv6 503 Service Unavailable; IPv4 registered", result.Summary);
            Assert.Equal(IpVersions.V4, phone.Accounts[0].RegisteredVersions);

            // RFC 5626 §4.5: 90 s doubled, half of it at random, since the other registration stands.
            var failed = scene.World.Time.GetUtcNow();
            v6.Respond(await v6.Request(SipMethod.Register), 503);
            Assert.InRange((scene.World.Time.GetUtcNow() - failed).TotalSeconds, 90, 180.1);
            failed = scene.World.Time.GetUtcNow();
            Grant(v6, await v6.Request(SipMethod.Register));
            Assert.InRange((scene.World.Time.GetUtcNow() - failed).TotalSeconds, 180, 360.1);
            await scene.World.Until(() => phone.Accounts[0].RegisteredVersions == IpVersions.Both);
        });
    }

    [Fact]
    public void NobodyAnswersByOneVersion_TimesOut_WithoutTheOther()
    {
        Play(Account("alice"), async (scene, phone, v4, v6) =>
        {
            scene.World.Network.Faults.Blackhole = IpVersions.V6;
            var done = phone.RegisterAsync();
            Grant(v4, await v4.Request(SipMethod.Register));
            await scene.World.Until(() => phone.Accounts[0].RegisteredVersions == IpVersions.V4);
            Assert.False(done.IsCompleted);
            Assert.Equal((408, RegistrationPhase.Failed), ((await done).States[0].Status, phone.Accounts[0][IpVersion.V6]!.Phase));

            scene.World.Network.Faults.Blackhole = IpVersions.None;
            await scene.World.Until(() => v6.HasMore, TimeSpan.FromMinutes(4));
            Grant(v6, await v6.Request(SipMethod.Register));
            await scene.World.Until(() => phone.Accounts[0].RegisteredVersions == IpVersions.Both);
        });
    }

    [Fact]
    public void Failed_TheNextServerOfThatVersionIsAsked()
    {
        var spare = new ServerAddress(new System.Net.IPEndPoint(System.Net.IPAddress.Parse("10.0.0.8"), Port));
        Play(Account("alice", RegistrationMode.Ipv4, ServerV4, spare), async (scene, phone, v4, v6) =>
        {
            using var second = new ScriptedPeer(scene.T8, "10.0.0.8");
            var done = phone.RegisterAsync();
            v4.Respond(await v4.Request(SipMethod.Register), 500);
            Assert.False((await done).IsUsable);
            Grant(second, await second.Request(SipMethod.Register));
            await scene.World.Until(() => phone.Accounts[0].RegisteredVersions == IpVersions.V4);
            Assert.Equal(spare, phone.Accounts[0][IpVersion.V4]!.Server);
        });
    }

    [Fact]
    public void RetryAfter_IsHeeded()
    {
        Play(Account("alice", RegistrationMode.Ipv4), async (scene, phone, v4, v6) =>
        {
            var done = phone.RegisterAsync();
            var register = await v4.Request(SipMethod.Register);
            v4.Send(register.Answer(503, null, "r").Header(HeaderName.RetryAfter, "300 (busy)").Build());
            await done;
            var failed = scene.World.Time.GetUtcNow();
            await v4.Request(SipMethod.Register);
            Assert.InRange((scene.World.Time.GetUtcNow() - failed).TotalSeconds, 299.9, 300.1);
        });
    }

    [Fact]
    public void Dispose_TakesTheBindingsBack()
    {
        Play(Account("alice"), async (scene, phone, v4, v6) =>
        {
            var done = phone.RegisterAsync();
            Grant(v4, await v4.Request(SipMethod.Register));
            Grant(v6, await v6.Request(SipMethod.Register));
            await done;
            var states = Collect(phone.Accounts[0]);
            var disposed = phone.DisposeAsync();
            foreach (var peer in new[] { v4, v6 })
            {
                var leave = await peer.Request(SipMethod.Register);
                Assert.Equal("0", leave.Text(HeaderName.Expires));
                Assert.Single(leave.Contacts);
                peer.Respond(leave, 200);
            }

            await disposed;
            Assert.Equal(2, (await states).Count(s => s.Phase == RegistrationPhase.Unregistered));
            Assert.Equal(0, scene.T5.Bound);
        });
    }

    [Fact]
    public void Dial_WhenRegistered_GoesByTheServer_AndChangesSignallingWhenRedirected()
    {
        Play(Account("alice"), async (scene, phone, v4, v6) =>
        {
            var done = phone.RegisterAsync();
            Grant(v4, await v4.Request(SipMethod.Register));
            var six = await v6.Request(SipMethod.Register);
            v6.Send(Granted(six).Header(HeaderName.ServiceRoute, "<sip:[2001:db8::1]:5060;lr>").Build());
            await done;

            var call = phone.Dial("bob");
            var first = await v6.Request(SipMethod.Invite);
            Assert.Equal(("sip:bob@example.com", "sip:[2001:db8::1]:5060;lr"), (first.RequestUriText, first.Routes[0].Uri.ToString()));
            Assert.Equal("sip:alice@[2001:db8::5]:5060", first.Contacts[0].Uri.ToString());
            Assert.Equal("sip:alice@example.com", first.From.Uri.ToString());
            Assert.Contains("c=IN IP6 2001:db8::5", first.ToString(), StringComparison.Ordinal);
            v6.Send(first.Answer(380, null, "s").Header(HeaderName.Warning, "301 s1 \"Incompatible network address formats: use IP4\"").Build());
            await v6.Request(SipMethod.Ack);

            var second = await v4.Request(SipMethod.Invite);
            Assert.Equal(first.CallId, second.CallId);
            Assert.Empty(second.Routes);
            Assert.Equal("sip:alice@10.0.0.5:5060", second.Contacts[0].Uri.ToString());
            Assert.Contains("c=IN IP4 10.0.0.5", second.ToString(), StringComparison.Ordinal);
            Assert.Equal(IpVersion.V4, call.SignallingVersion);
            v4.Respond(second, 486);
            Assert.Equal([IpVersion.V4], (await call.Completion).Redirects);
        });
    }

    [Fact]
    public void Dial_TheWayByOneVersionIsBroken_GoesByTheOther()
    {
        Play(Account("alice", RegistrationMode.None), async (scene, phone, v4, v6) =>
        {
            v6.Dispose();
            var call = phone.Dial("bob");
            var invite = await v4.Request(SipMethod.Invite);
            Assert.Contains("c=IN IP4 10.0.0.5", invite.ToString(), StringComparison.Ordinal);
            v4.Respond(invite, 486);
            Assert.Equal((CallOutcome.Busy, IpVersion.V4), ((await call.Completion).Outcome, call.State.Result!.SignallingVersion!.Value));
        });
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    [InlineData(3600)]
    [InlineData(604800)]
    public void Times_AreWithinTheirBounds(int seconds)
    {
        var lifetime = TimeSpan.FromSeconds(seconds);
        Assert.Equal(lifetime / 2, RegistrationTimes.Refresh(lifetime, 0));
        Assert.InRange(RegistrationTimes.Refresh(lifetime, 1), lifetime / 2, lifetime - TimeSpan.FromSeconds(Math.Min(64, seconds / 4.0)));
        Assert.Equal(TimeSpan.FromSeconds(30), RegistrationTimes.Retry(1, false, 0));
        Assert.Equal(TimeSpan.FromSeconds(60), RegistrationTimes.Retry(1, false, 1));
        Assert.Equal(TimeSpan.FromSeconds(180), RegistrationTimes.Retry(1, true, 1));
        Assert.Equal(TimeSpan.FromSeconds(1800), RegistrationTimes.Retry(1000, true, 1));
    }

    private static void Play(AccountOptions account, Func<PhoneScene, SipPhone, ScriptedPeer, ScriptedPeer, Task> script)
    {
        using var scene = new PhoneScene();
        scene.World.Run(
            async () =>
            {
                using var v4 = new ScriptedPeer(scene.S1, "10.0.0.1");
                using var v6 = new ScriptedPeer(scene.S1, "2001:db8::1");
                await using var phone = scene.Phone(scene.T5, new PhoneOptions { Accounts = [account] });
                await script(scene, phone, v4, v6);
            },
            TimeSpan.FromHours(2));
    }

    private static ResponseBuilder Granted(SipRequest register, int seconds = 3600)
    {
        var answer = register.Answer(200, null, "r");
        foreach (var contact in register.Contacts)
        {
            answer.Contact(contact.With("expires", seconds.ToString(CultureInfo.InvariantCulture)));
        }

        return answer;
    }

    private static void Grant(ScriptedPeer registrar, SipRequest register, int seconds = 3600) => registrar.Send(Granted(register, seconds).Build());

    private static string? Instance(SipRequest register) => register.Contacts[0].Parameters.Get("+sip.instance");

    private static async Task<List<RegistrationState>> Collect(Account account)
    {
        var states = new List<RegistrationState>();
        await foreach (var state in account.RegistrationStates())
        {
            states.Add(state);
        }

        return states;
    }
}
