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

    /// <summary>200 calls at 20 a second. Where the versions differ, one of the two is taken for the other's by its offer (FIG. 8), or nobody judges.</summary>
    [Theory]
    [InlineData(IpVersion.V4, "udp", IpVersion.V4, "udp", "auto", null)]
    [InlineData(IpVersion.V6, "udp", IpVersion.V6, "udp", "auto", null)]
    [InlineData(IpVersion.V4, "tcp", IpVersion.V4, "tcp", "auto", null)]
    [InlineData(IpVersion.V6, "udp", IpVersion.V4, "udp", "auto", "IP4 127.0.0.1")]
    [InlineData(IpVersion.V6, "udp", IpVersion.V4, "udp", "carry", null)]
    [InlineData(IpVersion.V6, "tcp", IpVersion.V4, "udp", "session", "IP4 127.0.0.1")]
    public async Task TwoHundredCalls_ThroughTheServer_HoldNothingUnexpected(IpVersion from, string fromTransport, IpVersion to, string toTransport, string judge, string? offer)
    {
        const int Calls = 200;
        Sipp.SkipUnlessInstalled();
        await using var server = await IsthmusServer.StartAsync(new IsthmusServerOptions { Judge = judge });
        await using var bob = await Sipp.StartAsync(new SippOptions { Scenario = SippScenario.Callee, Address = Loopback(to), Calls = Calls, Tcp = toTransport == "tcp" });
        await RegisterAsync(server, "bob", bob.Local, toTransport == "tcp");
        await using var alice = await Sipp.StartAsync(new SippOptions
        {
            Scenario = offer is null ? SippScenario.Caller : SippScenario.CallerOffering(offer),
            Address = Loopback(from),
            Remote = server.EndPoint(from),
            Service = "bob",
            Calls = Calls,
            Rate = 20,
            Tcp = fromTransport == "tcp",
            Keys = new Dictionary<string, string> { ["domain"] = server.Domain },
        });
        (await alice.ResultAsync()).AssertAllSucceeded(Calls);
        (await bob.ResultAsync()).AssertAllSucceeded(Calls);
    }

    /// <summary>Between two hosts whose link takes 1500 octets at a time. A long answer leaves in fragments, the short ones before and after it do not mind.</summary>
    [Theory]
    [InlineData(IpVersion.V4)]
    [InlineData(IpVersion.V6)]
    public async Task AnswersLongerThanTheLinkTakes_ByUdp_Arrive(IpVersion version)
    {
        Sipp.SkipUnlessInstalled();
        using var network = TestNetwork.Create();
        var host = network.AddHost("10.1.0.1/24", "fd00:1::1/64");
        var caller = network.AddHost("10.1.0.2/24", "fd00:1::2/64");
        await using var server = await IsthmusServer.StartAsync(new IsthmusServerOptions { Host = host });
        foreach (var length in new[] { 10, 3000, 10, 3000 })
        {
            await using var sipp = await Sipp.StartAsync(new SippOptions
            {
                Scenario = SippScenario.LongOptions,
                Host = caller,
                Address = version == IpVersion.V4 ? caller.V4 : caller.V6,
                Remote = server.EndPoint(version),
                Keys = new Dictionary<string, string> { ["domain"] = server.Domain, ["name"] = new string('n', length) },
            });
            (await sipp.ResultAsync()).AssertAllSucceeded(1);
        }
    }

    private static IPAddress Loopback(IpVersion version) => version == IpVersion.V4 ? IPAddress.Loopback : IPAddress.IPv6Loopback;

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
