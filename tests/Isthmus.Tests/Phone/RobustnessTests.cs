// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.Media;
using Isthmus.Phone;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging.Abstractions;
using static Isthmus.Tests.Phone.PhoneScene;

namespace Isthmus.Tests.Phone;

/// <summary>Bad input, bad networks, and many calls at once on real sockets and threads.</summary>
public sealed class RobustnessTests
{
    private static readonly PhoneOptions Answering = new() { Answer = AnswerPolicy.Automatic, MaxCalls = 64 };

    /// <summary>Whatever is done to the messages of a call, the phone lives, answers, and forgets.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyInput_ThePhoneLivesOnAndKeepsNothing(int seed)
    {
        using var scene = new PhoneScene(seed);
        scene.World.Run(
            async () =>
            {
                await using var phone = scene.Phone(scene.T5, Answering);
                using var peer = new ScriptedPeer(scene.S1, "10.0.0.1");
                var random = new Random(seed);
                var tags = new Dictionary<string, string>();
                var target = new IPEndPoint(scene.T5.Addresses[0], Port);
                for (var i = 0; i < 400; i++)
                {
                    while (peer.HasMore)
                    {
                        if (await peer.Next() is SipResponse { To.Tag: { } given } response)
                        {
                            tags[response.CallId] = given;
                        }
                    }

                    var id = $"call{random.Next(20)}";
                    var tag = random.Next(2) == 0 ? tags.GetValueOrDefault(id) : null;
                    SipMethod[] methods = [SipMethod.Invite, SipMethod.Ack, SipMethod.Bye, SipMethod.Cancel, SipMethod.Update, SipMethod.Info, SipMethod.Prack, SipMethod.Notify];
                    var request = peer.NewRequest(methods[random.Next(methods.Length)], "sip:bob@10.0.0.5", id, (uint)random.Next(1, 5), tag);
                    peer.SendText(Mutate(request.Body("application/sdp", ScriptedPeer.Audio("10.0.0.1").Bytes).Build().ToString(), random), target);
                    if (i % 20 == 0)
                    {
                        await scene.Seconds(0.2);
                    }
                }

                await scene.Seconds(200);
                foreach (var call in phone.Calls)
                {
                    call.HangUp();
                }

                await scene.Seconds(100);
                await scene.AssertNothingLeft(phone);
                using var other = new ScriptedPeer(scene.T8, "10.0.0.8");
                other.Send(other.NewRequest(SipMethod.Options, "sip:bob@10.0.0.5", "still-there", 1).Build(), scene);
                await other.Response(200);
            },
            TimeSpan.FromHours(1));
    }

    /// <summary>Whatever is answered to its INVITE, the phone ends the call and keeps nothing.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyAnswer_TheCallEndsAndNothingIsKept(int seed)
    {
        using var scene = new PhoneScene(seed);
        scene.World.Run(
            async () =>
            {
                var options = new PhoneOptions { RingTimeout = TimeSpan.FromSeconds(30), Prefer = IpVersion.V6 };
                await using var phone = scene.Phone(scene.T5, options);
                using var peer = new ScriptedPeer(scene.S1, "10.0.0.1");
                var random = new Random(seed);
                int[] statuses = [100, 180, 183, 200, 200, 302, 380, 422, 488, 491, 606];
                for (var i = 0; i < 25; i++)
                {
                    var call = phone.Dial("sip:bob@10.0.0.1");
                    for (var n = 0; n < 12; n++)
                    {
                        await scene.Seconds(0.2);
                        while (peer.HasMore)
                        {
                            if (await peer.Next() is not SipRequest request || request.Method == SipMethod.Ack)
                            {
                                continue;
                            }

                            var answer = peer.Answer(request, request.Method == SipMethod.Invite ? statuses[random.Next(statuses.Length)] : 200, $"tag{random.Next(3)}");
                            if (random.Next(2) == 0)
                            {
                                answer.Header(HeaderName.Require, "100rel").Header(HeaderName.RSeq, $"{random.Next(5)}");
                            }

                            answer.Body("application/sdp", ScriptedPeer.Audio(random.Next(2) == 0 ? "10.0.0.1" : "2001:db8::1").Bytes);
                            peer.SendText(Mutate(answer.Build().ToString(), random), peer.Last);
                        }
                    }

                    call.HangUp();
                    Assert.NotNull(await call.Completion);
                }

                await scene.Seconds(200);
                await scene.AssertNothingLeft(phone);
            },
            TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData(SipTransport.Udp)]
    [InlineData(SipTransport.Tcp)]
    public void DialThroughTheServer_OverABadNetwork_TheCallStandsAndEnds(SipTransport transport)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            using var scene = new PhoneScene(seed);
            scene.Run(async () =>
            {
                await using var server = new PhoneServer(scene);
                var options = Answering with { Ipv4Transport = transport, Ipv6Transport = transport, Prefer = IpVersion.V6 };
                await using var t5 = scene.Phone(scene.T5, options with { Accounts = [Account("t5")] });
                await using var t6 = scene.Phone(scene.T6, options with { Accounts = [Account("t6", RegistrationMode.Ipv4)] });
                Assert.True((await t5.RegisterAsync()).IsComplete);
                Assert.True((await t6.RegisterAsync()).IsComplete);
                var faults = scene.World.Network.Faults;
                (faults.Loss, faults.Duplication, faults.Reordering) = (0.15, 0.15, 0.15);
                var call = t5.Dial("t6");
                Assert.True(await call.Answered);
                Assert.Equal(IpVersion.V4, call.MediaVersion);
                await scene.Seconds(5);
                Assert.Equal(CallOutcome.Completed, (await call.HangUpAsync()).Outcome);
                await scene.World.Until(() => t6.Calls.Count == 0);
                await scene.Seconds(60);
                await scene.AssertNothingLeft(t5, t6);
            });
        }
    }

    [Fact]
    public void ConnectionToTheServerLost_IsRegisteredOverAgain()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var server = new PhoneServer(scene);
            await using var phone = scene.Phone(scene.T5, new PhoneOptions { Ipv6Transport = SipTransport.Tcp, Accounts = [Account("t5")] });
            Assert.True((await phone.RegisterAsync()).IsComplete);
            scene.World.Network.ResetStreams(scene.T5, scene.S1);
            await scene.World.Until(() => phone.Accounts[0].RegisteredVersions == IpVersions.V4);
            Assert.Equal(RegistrationPhase.Registered, phone.Accounts[0][IpVersion.V4]!.Phase);
            await scene.World.Until(() => phone.Accounts[0].RegisteredVersions == IpVersions.Both);
        });
    }

    /// <summary>On the operating system's sockets: calls by both versions at once, each with sound, nothing left behind.</summary>
    [Theory]
    [InlineData(SipTransport.Udp)]
    [InlineData(SipTransport.Tcp)]
    public async Task Dial_ManyAtOnce_OnRealSockets(SipTransport transport)
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "this host has no IPv6");
        var loggers = NullLoggerFactory.Instance;
        var network = new SystemNetwork(null, TimeProvider.System);
        var (low, high) = (new Tones(440), new Tones(1000));
        var options = Answering with
        {
            Ipv4Address = IPAddress.Loopback,
            Ipv6Address = IPAddress.IPv6Loopback,
            Ipv4Transport = transport,
            Ipv6Transport = transport,
            RtpPorts = PortRange.Any,
        };
        await using var caller = new SipPhone(options with { Audio = new Locked(low) }, network, TimeProvider.System, loggers);
        await using var callee = new SipPhone(options with { Audio = new Locked(high) }, network, TimeProvider.System, loggers);
        Assert.True(caller.Start().IsUsable);
        var addresses = callee.Start().Listeners.Select(l => $"sip:bob@{HostPort.From(l.Local!)};transport={transport.UriToken}").ToList();
        Assert.Equal(2, addresses.Count);

        var calls = Enumerable.Range(0, 12).Select(i => caller.Dial(addresses[i % 2])).ToList();
        foreach (var call in calls)
        {
            Assert.True(await call.Answered, $"{call.State}");
        }

        await Task.WhenAll(calls.Select(call => Until(() => call.Statistics!.Received.Packets > 40 && low.Heard(call) is > 990 and < 1010)));
        var results = await Task.WhenAll(calls.Select(call => call.HangUpAsync()));
        Assert.All(results, r => Assert.Equal((CallOutcome.Completed, true), (r.Outcome, r.WasAnswered)));
        Assert.Equal([IpVersion.V6, IpVersion.V4], results.Take(2).Select(r => r.MediaVersion!.Value));
        await Until(() => caller.Resources == default && callee.Resources == default);
    }

    private static async Task Until(Func<bool> condition)
    {
        var deadline = DateTime.UtcNow + TimeSpan.FromSeconds(30);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, "not within 30 s");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static string Mutate(string text, Random random)
    {
        var characters = new StringBuilder(text);
        for (var n = random.Next(4); n > 0 && characters.Length > 1; n--)
        {
            var at = random.Next(characters.Length);
            switch (random.Next(4))
            {
                case 0: characters[at] = (char)random.Next(1, 127); break;
                case 1: characters.Remove(at, 1); break;
                case 2: characters.Insert(at, characters.ToString(0, Math.Min(random.Next(40), characters.Length))); break;
                default: characters.Remove(at, Math.Min(random.Next(60), characters.Length - at)); break;
            }
        }

        return characters.ToString();
    }

    /// <summary>The tones for calls on many threads.</summary>
    private sealed class Locked(Tones tones) : ICallAudio
    {
        public CallAudio Open(Call call)
        {
            lock (tones)
            {
                return tones.Open(call);
            }
        }

        public void Close(Call call, CallAudio audio)
        {
            lock (tones)
            {
                tones.Close(call, audio);
            }
        }
    }
}
