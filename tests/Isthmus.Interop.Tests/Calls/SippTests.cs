// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Calls;

/// <summary>SIPp through our server: a called terminal that judges by itself (FIG. 7), and many calls.</summary>
public sealed class SippTests
{
    [Fact]
    public async Task SippAnswers380_ToAMixedPayload_OurPhoneCallsAgainWithIpv4Media()
    {
        Sipp.SkipUnlessInstalled();
        await using var server = await IsthmusServer.StartAsync(new IsthmusServerOptions { Judge = "carry" });
        await using var bob = await Sipp.StartAsync(new SippOptions { Scenario = SippScenario.JudgingCallee, Address = IPAddress.Loopback });
        await RegisterAsync(server, "bob", bob.Local);
        await using var alice = IsthmusPhone.Start(new IsthmusPhoneOptions
        {
            Command = ["call", "sip:bob@example.com", "--duration", "1"],
            Account = "sip:alice@example.com",
            Servers = [server.EndPoint(IpVersion.V6).ToString()],
            Mode = "ipv6",
        });
        Assert.Equal(IpVersion.V4, await alice.EstablishedAsync());
        Assert.Equal(0, await alice.ExitAsync());
        Assert.Equal(1, alice.Redirects);
        (await bob.ResultAsync()).AssertAllSucceeded(1);
    }

    [Theory]
    [InlineData(IpVersion.V4, false)]
    [InlineData(IpVersion.V6, false)]
    [InlineData(IpVersion.V4, true)]
    public async Task TwoHundredCalls_ThroughTheServer_HoldNothingUnexpected(IpVersion version, bool tcp)
    {
        const int Calls = 200;
        Sipp.SkipUnlessInstalled();
        await using var server = await IsthmusServer.StartAsync();
        var address = version == IpVersion.V4 ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        await using var bob = await Sipp.StartAsync(new SippOptions { Scenario = SippScenario.Callee, Address = address, Calls = Calls, Tcp = tcp });
        await RegisterAsync(server, "bob", bob.Local, tcp);
        await using var alice = await Sipp.StartAsync(new SippOptions
        {
            Scenario = SippScenario.Caller,
            Address = address,
            Remote = server.EndPoint(version),
            Service = "bob",
            Calls = Calls,
            Rate = 20,
            Tcp = tcp,
            Keys = new Dictionary<string, string> { ["domain"] = server.Domain },
        });
        (await alice.ResultAsync()).AssertAllSucceeded(Calls);
        (await bob.ResultAsync()).AssertAllSucceeded(Calls);
    }

    private static async Task RegisterAsync(IsthmusServer server, string user, IPEndPoint contact, bool tcp = false)
    {
        await using var registering = await Sipp.StartAsync(new SippOptions
        {
            Scenario = SippScenario.Register,
            Address = contact.Address,
            Remote = server.EndPoint(contact.Address.Version),
            Service = user,
            Tcp = tcp,
            Keys = new Dictionary<string, string> { ["domain"] = server.Domain, ["contact"] = contact.ToString() },
        });
        (await registering.ResultAsync()).AssertAllSucceeded(1);
    }
}
