// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Load;
using Isthmus.Server;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Load;

/// <summary>The generator and our server in one process, on loopback: nothing is timed.</summary>
public sealed class GeneratorTests
{
    private const int Calls = 50;

    public static TheoryData<string, int, bool> Rows => new(
        from row in Row.All
        from family in (int[])[44, 64, 66]
        from isTcp in (bool[])[false, true]
        where !isTcp || family == 44
        select (row.Name, family, isTcp));

    [Theory, MemberData(nameof(Rows))]
    public async Task Run_AgainstOurServer_CompletesEveryCall(string name, int family, bool isTcp)
    {
        await using var server = await InProcess.StartAsync();
        Row row = Row.All.Single(one => one.Name == name);
        var options = new TrafficOptions { Family = (Family)family, IsTcp = isTcp, Users = 20, InFlight = 8 };
        LoadResult result = await Task.Run(() =>
        {
            using Traffic traffic = Traffic.Open(server, options, row.Create, row.IsForwarded);
            return traffic.Run(options.Pace with { MostCalls = Calls, LongestTime = TimeSpan.FromMinutes(1) }, TestContext.Current.CancellationToken);
        });
        Assert.Equal("", result.Faults);
        Assert.Equal((Calls, Calls), (result.Completed, result.Times.Count));
    }

    [Fact]
    public async Task Run_ForUsersThatNobodyKnows_IsNoGoodResult()
    {
        await using var server = await InProcess.StartAsync();
        Row row = Row.All.Single(one => one.Name == "w3");
        LoadResult result = await Task.Run(() =>
        {
            using Traffic traffic = Traffic.Open(server, new TrafficOptions { Users = 20 }, row.Create, isForwarded: false);
            return traffic.Run(new Pace { InFlight = 4, MostCalls = 10 }, TestContext.Current.CancellationToken);
        });
        Assert.False(result.IsGood);
        Assert.Equal(10, result.Refusals[404]);
    }

    private sealed class InProcess(Isthmus.Server.IsthmusServer server) : IReachableServer, IAsyncDisposable
    {
        public string Name => "in process";

        public string? Fault => null;

        public static async Task<InProcess> StartAsync()
        {
            var options = new ServerOptions
            {
                Store = new() { Path = StoreOptions.Memory },
                Control = new() { Socket = ControlOptions.None },
                DrainTime = TimeSpan.Zero,
                Domains = [new() { Name = "load.test" }],
                Listeners =
                [
                    .. from transport in (SipTransport[])[SipTransport.Udp, SipTransport.Tcp]
                       from address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback]
                       select new ListenerOptions { Transport = transport, Address = address, Port = 0 },
                ],
            };
            ServerStart start = await Isthmus.Server.IsthmusServer.StartAsync(options);
            Assert.NotNull(start.Server);
            return new InProcess(start.Server);
        }

        public IPEndPoint EndPoint(bool isIPv4, bool isTcp) => server.Listeners.First(listener =>
            listener.Transport == (isTcp ? SipTransport.Tcp : SipTransport.Udp) && listener.LocalEndPoint.Address.Equals(isIPv4 ? IPAddress.Loopback : IPAddress.IPv6Loopback)).LocalEndPoint;

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}
