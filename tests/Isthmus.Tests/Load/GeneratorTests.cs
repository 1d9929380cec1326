// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
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
        where !isTcp || (family == 44 && !row.IsPresence)
        select (row.Name, family, isTcp));

    [Theory, MemberData(nameof(Rows))]
    public async Task Run_AgainstOurServer_CompletesEveryCall(string name, int family, bool isTcp)
    {
        await using var server = await InProcess.StartAsync();
        Row row = Row.All.Single(one => one.Name == name);
        var options = new TrafficOptions { Family = (Family)family, IsTcp = isTcp, Users = 200, InFlight = 8 };
        LoadResult result = await Task.Run(() =>
        {
            using Traffic traffic = Traffic.Open(server, options, row.Create, row.IsForwarded, TestContext.Current.CancellationToken, row.Introduce);
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
            using Traffic traffic = Traffic.Open(server, new TrafficOptions { Users = 20 }, row.Create, isForwarded: false, TestContext.Current.CancellationToken);
            return traffic.Run(new Pace { InFlight = 4, MostCalls = 10 }, TestContext.Current.CancellationToken);
        });
        Assert.False(result.IsGood);
        Assert.Equal(10, result.Refusals[404]);
    }

    [Fact]
    public async Task Run_PresenceWithFewerUsersThanCallsInFlight_PublishesOnceAtATimeForEach()
    {
        await using var server = await InProcess.StartAsync();
        Row row = Row.All.Single(one => one.IsPresence);
        LoadResult result = await Task.Run(() =>
        {
            using Traffic traffic = Traffic.Open(
                server, new TrafficOptions { Users = 2 * StateChange.Watchers }, row.Create, row.IsForwarded, TestContext.Current.CancellationToken, row.Introduce);
            return traffic.Run(new Pace { InFlight = 32, MostCalls = Calls, LongestTime = TimeSpan.FromMinutes(1) }, TestContext.Current.CancellationToken);
        });
        Assert.Equal("", result.Faults);
        Assert.Equal(Calls, result.Completed);
    }

    [Fact]
    public async Task Open_ServerThatHasEnded_SaysSoAtOnce()
    {
        using var silent = new DeadServer();
        LoadException fault = await Assert.ThrowsAsync<LoadException>(() => Task.Run(() =>
            Traffic.Open(silent, new TrafficOptions { Users = 20 }, Row.All[0].Create, isForwarded: false, TestContext.Current.CancellationToken)));
        Assert.Equal("silent ended", fault.Message);
    }

    [Fact]
    public async Task Run_ServerThatEndsMeanwhile_SaysSoAtOnce()
    {
        await using var server = await InProcess.StartAsync();
        LoadException fault = await Assert.ThrowsAsync<LoadException>(() => Task.Run(() =>
        {
            using Traffic traffic = Traffic.Open(server, new TrafficOptions { Users = 20 }, Row.All[0].Create, isForwarded: false, TestContext.Current.CancellationToken);
            server.End(); // and its calls are not waited for
            traffic.Run(new Pace { InFlight = 4 }, TestContext.Current.CancellationToken);
        }));
        Assert.Equal("in process ended", fault.Message);
    }

    /// <summary>A port that nobody answers at.</summary>
    private sealed class DeadServer : IReachableServer, IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

        public DeadServer() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        public string Name => "silent";

        public string? Fault => "silent ended";

        public CancellationToken Ended => new(canceled: true);

        public IPEndPoint EndPoint(bool isIPv4, bool isTcp) => (IPEndPoint)_socket.LocalEndPoint!;

        public void Dispose() => _socket.Dispose();
    }

    private sealed class InProcess(Isthmus.Server.IsthmusServer server) : IReachableServer, IAsyncDisposable
    {
        public string Name => "in process";

        private readonly CancellationTokenSource _ended = new();

        public string? Fault => _ended.IsCancellationRequested ? "in process ended" : null;

        public CancellationToken Ended => _ended.Token;

        public void End() => _ended.Cancel();

        public static async Task<InProcess> StartAsync()
        {
            var options = new ServerOptions
            {
                Store = new() { Path = StoreOptions.Memory },
                Control = new() { Socket = ControlOptions.None },
                Presence = new() { NotifyInterval = TimeSpan.Zero, BelievesEverybody = true },
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

        public async ValueTask DisposeAsync()
        {
            await server.DisposeAsync();
            _ended.Dispose();
        }
    }
}
