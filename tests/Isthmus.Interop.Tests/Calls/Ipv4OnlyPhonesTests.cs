// SPDX-License-Identifier: Apache-2.0
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Calls;

/// <summary>baresip and linphone as the IPv4-only terminal T6; the dual-stack terminal T5 is our phone.</summary>
public sealed class Ipv4OnlyPhonesTests
{
    private const string Bob = "sip:bob@example.com";
    private const double BobsTone = 440;

    public static TheoryData<string, string> Phones => new()
    {
        { RealPhone.Baresip, "udp" }, { RealPhone.Baresip, "tcp" }, { RealPhone.Linphone, "udp" }, { RealPhone.Linphone, "tcp" },
    };

    /// <summary>FIG. 3 and 5: the redirect of the server, then media on IPv4.</summary>
    [Theory, MemberData(nameof(Phones))]
    public async Task OurDualStackPhone_CallsIt_IsRedirectedOnceAndBothHear(string program, string transport)
    {
        await using var server = await IsthmusServer.StartAsync();
        await using var bob = await StartBobAsync(server, program, transport);
        await using var alice = OurPhone.Calls(server, Bob, program == RealPhone.Baresip ? "both" : "one-request", transport);
        await BothHearAsync(alice, bob);
        Assert.Equal(1, alice.Redirects);
        Assert.Equal(2, server.Invites);
    }

    /// <summary>FIG. 4 and 6: straight to the IPv4 binding.</summary>
    [Theory, MemberData(nameof(Phones))]
    public async Task ItCallsOurDualStackPhone_BothHear(string program, string transport)
    {
        await using var server = await IsthmusServer.StartAsync();
        await using var alice = OurPhone.Answers(server, "alice", program == RealPhone.Baresip ? "both" : "one-request", transport);
        await alice.RegisteredAsync(IpVersion.V6);
        await using var bob = await StartBobAsync(server, program, transport);
        await bob.DialAsync("sip:alice@example.com");
        Assert.Equal(IpVersion.V4, await alice.EstablishedAsync());
        await bob.EstablishedAsync();
        await bob.HearsAsync();
        await alice.HearsAsync();
        await bob.HangUpAsync();
        Assert.Equal(0, await alice.ExitAsync());
        await bob.ClosedAsync();
        alice.Recorded().AssertTone(BobsTone);
        bob.Recorded().AssertTone(OurPhone.Tone);
        Assert.Equal(1, server.Invites);
    }

    /// <summary>FIG. 7: the called terminal judges, in its own way. baresip says a bare 488; linphone says 200 with IPv4 and is offered that again.</summary>
    [Theory, MemberData(nameof(Phones))]
    public async Task OurPhoneOnIpv6_CallsItWhereTheServerCarries_OffersIpv4AndBothHear(string program, string transport)
    {
        await using var server = await IsthmusServer.StartAsync(new IsthmusServerOptions { Judge = "carry" });
        await using var bob = await StartBobAsync(server, program, transport);
        await using var alice = OurPhone.Calls(server, Bob, "ipv6", transport);
        await BothHearAsync(alice, bob);
        Assert.Equal(1, alice.Redirects);
    }

    private static async Task BothHearAsync(IsthmusPhone alice, IRealPhone bob)
    {
        Assert.Equal(IpVersion.V4, await alice.EstablishedAsync());
        await bob.EstablishedAsync();
        Assert.Equal(0, await alice.ExitAsync());
        await bob.ClosedAsync();
        alice.Recorded().AssertTone(BobsTone);
        bob.Recorded().AssertTone(OurPhone.Tone);
    }

    private static Task<IRealPhone> StartBobAsync(IsthmusServer server, string program, string transport)
    {
        RealPhone.SkipUnlessInstalled(program);
        return new RealPhone(program, "bob") { Versions = [IpVersion.V4], Transport = transport, Tone = BobsTone }.StartAsync(server);
    }
}
