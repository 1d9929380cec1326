// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Calls;

/// <summary>The server as a process: what it keeps when it is killed, and how it ends when it is asked to.</summary>
public sealed class ServerProcessTests
{
    [Fact]
    public async Task Server_KilledAndStartedAgain_RingsTheRegisteredPhoneAtOnce()
    {
        Baresip.SkipUnlessInstalled();
        await using var server = await IsthmusServer.StartAsync();
        await using var bob = await Baresip.StartAsync(new BaresipOptions
        {
            Accounts = [new BaresipAccount("sip:bob@example.com") { Outbound = server.Uri(IpVersion.V4) }],
            Address = IPAddress.Loopback,
        });
        await bob.RegisteredAsync(IpVersion.V4);
        await server.KillAsync();
        await server.StartAgainAsync();
        await using var alice = IsthmusPhone.Start(new IsthmusPhoneOptions
        {
            Command = ["call", "sip:bob@example.com", "--duration", "1"],
            Account = "sip:alice@example.com",
            Servers = [server.EndPoint(IpVersion.V4).ToString()],
            Mode = "ipv4",
        });
        Assert.Equal(IpVersion.V4, await alice.EstablishedAsync());
        Assert.Equal(0, await alice.ExitAsync());
    }

    [Fact]
    public async Task Server_AskedToEnd_EndsWithZero()
    {
        await using var server = await IsthmusServer.StartAsync();
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task Server_Shows_WhereItListens()
    {
        await using var server = await IsthmusServer.StartAsync();
        var shown = await server.ShowAsync("listeners");
        Assert.All(server.EndPoints, endPoint => Assert.Contains(endPoint.ToString(), shown, StringComparison.Ordinal));
    }
}
