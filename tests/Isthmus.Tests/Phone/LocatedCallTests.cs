// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Tests.Stack.Resolution;

namespace Isthmus.Tests.Phone;

/// <summary>Calls to a domain by a phone that has no server: DNS says where it is (RFC 3263).</summary>
public sealed class LocatedCallTests
{
    private const string Bob = "sip:bob@b.example";
    private static readonly PhoneOptions Answering = new() { Answer = AnswerPolicy.Automatic };

    private readonly FakeDns _dns = new();

    [Theory]
    [InlineData("10.0.0.8", null, IpVersion.V4)]
    [InlineData("2001:db8::8", "10.0.0.8", IpVersion.V6)]
    public void Dial_Domain_IsFoundAndCalled(string address, string? other, IpVersion version)
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            _dns.Naptr("b.example", 10, 0, "SIP+D2U", "_sip._udp.b.example").Srv("_sip._udp.b.example", 10, 0, PhoneScene.Port, "pbx.b.example").Address("pbx.b.example", address);
            if (other is not null)
            {
                _dns.Address("pbx.b.example", other);
            }

            await using var caller = scene.Phone(scene.T5, new PhoneOptions { Dns = _dns });
            await using var callee = scene.Phone(scene.T8, Answering);
            var call = Found(caller.Dial(Bob));
            Assert.True(await call.Answered);
            var result = await call.HangUpAsync();
            Assert.Equal((CallOutcome.Completed, version, version), (result.Outcome, result.SignallingVersion!.Value, result.MediaVersion!.Value));
            await scene.AssertNothingLeft(caller, callee);
        });
    }

    [Fact]
    public void Dial_DomainWhoseFirstServerRefuses_GoesToTheNext()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            _dns.Srv("_sip._udp.b.example", 10, 0, 5999, "one.b.example").Srv("_sip._udp.b.example", 20, 0, PhoneScene.Port, "two.b.example")
                .Address("one.b.example", "10.0.0.8").Address("two.b.example", "10.0.0.8");
            await using var caller = scene.Phone(scene.T5, new PhoneOptions { Dns = _dns });
            await using var callee = scene.Phone(scene.T8, Answering);
            var call = Found(caller.Dial(Bob));
            Assert.True(await call.Answered);
            Assert.Equal(CallOutcome.Completed, (await call.HangUpAsync()).Outcome);
            await scene.AssertNothingLeft(caller, callee);
        });
    }

    [Theory]
    [InlineData(DnsStatus.NameError, CallOutcome.NotFound, 404)]
    [InlineData(DnsStatus.ServerFailure, CallOutcome.Unreachable, 500)]
    [InlineData(DnsStatus.TimedOut, CallOutcome.Unreachable, 504)]
    public void Dial_DomainThatIsNotFound_EndsAsTheFailureSays(DnsStatus fault, CallOutcome outcome, int status)
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            _dns.Everything = fault;
            await using var caller = scene.Phone(scene.T5, new PhoneOptions { Dns = _dns });
            var result = await Found(caller.Dial(Bob)).Completion;
            Assert.Equal((outcome, status), (result.Outcome, result.Status));
            await scene.AssertNothingLeft(caller);
        });
    }

    [Fact]
    public void Dial_DomainOfAVersionThatThePhoneLacks_Unreachable()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            _dns.Address("b.example", "2001:db8::8");
            await using var caller = scene.Phone(scene.T5, new PhoneOptions { Dns = _dns, Versions = IpVersions.V4 });
            var result = await Found(caller.Dial(Bob)).Completion;
            Assert.Equal((CallOutcome.Unreachable, 480, "No Common IP Version"), (result.Outcome, result.Status, result.Reason));
        });
    }

    [Fact]
    public void HangUp_WhileDnsIsAsked_CancelsAndNothingIsSent()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            _dns.Address("b.example", "10.0.0.8").Hold("b.example", DnsType.A);
            await using var caller = scene.Phone(scene.T5, new PhoneOptions { Dns = _dns });
            await using var callee = scene.Phone(scene.T8, Answering);
            var call = caller.Dial(Bob);
            Assert.Equal((CallPhase.Calling, null), (call.State.Phase, call.State.Version));
            Assert.Equal(CallOutcome.Cancelled, (await call.HangUpAsync()).Outcome);
            _dns.Answer("b.example", DnsType.A);
            await scene.AssertNothingLeft(caller, callee);
            Assert.Equal(0, callee.Stack.TransactionCounters.ServerTransactions);
        });
    }

    [Fact]
    public void Dial_DomainWithNobodyToAsk_IsSaid()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T5);
            var result = await caller.Dial(Bob).Completion;
            Assert.Equal((CallOutcome.InvalidAddress, "without a server and without DNS, the host must be an IP address"), (result.Outcome, result.Reason));
        });
    }

    // DNS answers come by other threads; no time passes meanwhile.
    private static Call Found(Call call)
    {
        Assert.True(SpinWait.SpinUntil(() => call.State.Version is not null || call.Completion.IsCompleted, TimeSpan.FromSeconds(30)));
        return call;
    }
}
