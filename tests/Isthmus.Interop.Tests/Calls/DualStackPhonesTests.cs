// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Calls;

/// <summary>
/// baresip and linphone as dual-stack terminals: they register twice, with one <c>+sip.instance</c> and without <c>reg-id</c>, on a host that has both versions.
/// </summary>
public sealed class DualStackPhonesTests
{
    private const string Alice = "sip:alice@example.com", Bob = "sip:bob@example.com";
    private const double TheirTone = 440, OtherTone = 700;

    /// <summary>How long a server is watched for requests that should not come.</summary>
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(3);

    public static TheoryData<string, string, string> Called => new()
    {
        { RealPhone.Baresip, "ipv4", "udp" }, { RealPhone.Baresip, "ipv6", "udp" }, { RealPhone.Baresip, "ipv4", "tcp" },
        { RealPhone.Linphone, "ipv4", "udp" }, { RealPhone.Linphone, "ipv6", "udp" }, { RealPhone.Linphone, "ipv4", "tcp" },
    };

    public static TheoryData<string, string, string> Calling => new()
    {
        { RealPhone.Baresip, "ours", "udp" }, { RealPhone.Baresip, RealPhone.Baresip, "udp" }, { RealPhone.Baresip, RealPhone.Linphone, "udp" }, { RealPhone.Baresip, RealPhone.Baresip, "tcp" },
        { RealPhone.Linphone, "ours", "udp" }, { RealPhone.Linphone, RealPhone.Baresip, "udp" }, { RealPhone.Linphone, RealPhone.Linphone, "udp" }, { RealPhone.Linphone, RealPhone.Linphone, "tcp" },
    };

    /// <summary>Called by a phone of ours that has one version only.</summary>
    [Theory, MemberData(nameof(Called))]
    public async Task CalledByASingleStackPhone_ItRingsOnceAndBothHear(string program, string mode, string transport)
    {
        RealPhone.SkipUnlessInstalled(program);
        using var network = TestNetwork.Create();
        await using var server = await ServeAsync(network);

        // linphone answers by the version of its default account, whatever was offered: here that is the caller's.
        var version = mode == "ipv4" ? IpVersion.V4 : IpVersion.V6;
        await using var alice = await DualAsync(server, network, program, version, transport);
        var bindings = await server.ShowAsync("bindings");
        Assert.Contains("10.9.0.5", bindings, StringComparison.Ordinal);
        Assert.Contains("fd09::5", bindings, StringComparison.Ordinal);
        await using var bob = OurPhone.Calls(server, Alice, mode, transport, network.AddHost(mode == "ipv4" ? "10.9.0.6/24" : "fd09::6/64"));
        Assert.Equal(version, await bob.EstablishedAsync());
        Assert.Equal(0, await bob.ExitAsync());
        await alice.ClosedAsync();
        Assert.Equal(0, bob.Redirects);
        Assert.Equal(1, alice.IncomingCalls);
        bob.Recorded().AssertTone(TheirTone);
        alice.Recorded().AssertTone(OurPhone.Tone);
    }

    /// <summary>Called by the same program as an IPv4-only phone: both are theirs, and the server is ours.</summary>
    [Theory, InlineData(RealPhone.Baresip), InlineData(RealPhone.Linphone)]
    public async Task CalledByAnIpv4OnlyPhoneOfItsKind_ItRingsOnceAndBothHear(string program)
    {
        RealPhone.SkipUnlessInstalled(program);
        using var network = TestNetwork.Create();
        await using var server = await ServeAsync(network);
        await using var alice = await DualAsync(server, network, program, IpVersion.V4);
        await using var bob = await Ipv4OnlyAsync(server, network, program);
        await bob.DialAsync(Alice);
        await alice.EstablishedAsync();
        await bob.EstablishedAsync();
        await alice.HearsAsync();
        await bob.HearsAsync();
        await bob.HangUpAsync();
        await alice.ClosedAsync();
        Assert.Equal(1, alice.IncomingCalls);
        Assert.Equal(1, server.Invites);
        alice.Recorded().AssertTone(OtherTone);
        bob.Recorded().AssertTone(TheirTone);
    }

    /// <summary>
    /// A linphone whose default account is on IPv6 answers an IPv4 offer with an IPv6 address: its caller is told so instead of hearing nothing.
    /// </summary>
    [Fact]
    public async Task LinphoneOnIpv6_AnswersAnIpv4OnlyPhoneWithIpv6_TheCallerIsRefusedAndLinphoneReleased()
    {
        Linphonec.SkipUnlessInstalled();
        Baresip.SkipUnlessInstalled();
        using var network = TestNetwork.Create();
        await using var server = await ServeAsync(network);
        await using var alice = await DualAsync(server, network, RealPhone.Linphone, IpVersion.V6);
        await using var bob = await Ipv4OnlyAsync(server, network, RealPhone.Baresip, trace: true);
        await bob.DialAsync(Alice);
        Assert.Contains("488", await bob.ClosedAsync(), StringComparison.Ordinal);
        Assert.Equal(1, bob.Output.Count(new("^Warning: 301 .*use IP6")));
        await alice.ClosedAsync();
        Assert.Equal(1, server.Invites);
    }

    /// <summary>It offers IPv6 to an IPv4-only phone: refused in one round trip, with the reason, and not tried again.</summary>
    [Theory, MemberData(nameof(Calling))]
    public async Task CallsAnIpv4OnlyPhoneByIpv6_IsRefusedOnceWithTheReason(string program, string callee, string transport)
    {
        RealPhone.SkipUnlessInstalled(program);
        RealPhone.SkipUnlessInstalled(callee == "ours" ? program : callee);
        using var network = TestNetwork.Create();
        await using var server = await ServeAsync(network);
        var alice = await DualAsync(server, network, program, IpVersion.V6, transport, trace: true);
        await using var _ = alice;
        await using IAsyncDisposable bob = callee == "ours" ? await OursAsync(server, network, transport) : await Ipv4OnlyAsync(server, network, callee, transport);

        var begun = Stopwatch.GetTimestamp();
        await alice.DialAsync(Bob);
        await alice.ClosedAsync();
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(10), $"the refusal came after {Stopwatch.GetElapsedTime(begun)}");
        Assert.NotNull(await alice.Output.FindAsync(new("^SIP/2.0 488 "), 0, Eventually.Patience));
        Assert.NotNull(await alice.Output.FindAsync(new("^Warning: 301 .*use IP4"), 0, Eventually.Patience));
        await StaysAtOneInviteAsync(server);
        Assert.Equal(0, alice.Output.Count(new("Call established|Media streams established")));

        // The server knows bob by now: it refuses by itself, unless bob judges.
        await alice.DialAsync(Bob);
        await Eventually.IsTrue(() => alice.Output.Count(new("^Warning: 301 .*use IP4")) == 2, $"the second call is refused too. It said:\n{alice.Output.Text}");
        Assert.Equal(2, server.Invites);
        if (bob is IRealPhone phone)
        {
            Assert.InRange(phone.IncomingCalls, 0, 1);
        }
    }

    private static Task<IsthmusServer> ServeAsync(TestNetwork network) =>
        IsthmusServer.StartAsync(new IsthmusServerOptions { Host = network.AddHost("10.9.0.1/24", "fd09::1/64") });

    private static Task<IRealPhone> DualAsync(IsthmusServer server, TestNetwork network, string program, IpVersion first, string transport = "udp", bool trace = false) =>
        new RealPhone(program, "alice")
        {
            Versions = [first, first.Other],
            Transport = transport,
            Host = network.AddHost("10.9.0.5/24", "fd09::5/64"),
            Tone = TheirTone,
            Trace = trace,
        }.StartAsync(server);

    private static Task<IRealPhone> Ipv4OnlyAsync(IsthmusServer server, TestNetwork network, string program, string transport = "udp", bool trace = false) =>
        new RealPhone(program, "bob") { Versions = [IpVersion.V4], Transport = transport, Host = network.AddHost("10.9.0.6/24"), Tone = OtherTone, Trace = trace }.StartAsync(server);

    private static async Task<IAsyncDisposable> OursAsync(IsthmusServer server, TestNetwork network, string transport)
    {
        var bob = OurPhone.Answers(server, "bob", "ipv4", transport, network.AddHost("10.9.0.6/24"));
        await bob.RegisteredAsync(IpVersion.V4);
        return bob;
    }

    private static async Task StaysAtOneInviteAsync(IsthmusServer server)
    {
        var since = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (Stopwatch.GetElapsedTime(since) < Watch)
        {
            Assert.Equal(1, server.Invites);
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
