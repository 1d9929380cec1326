// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.DualStack;
using Isthmus.Server;
using Isthmus.Sip;
using Isthmus.Tests.Server.Location;

namespace Isthmus.Tests.Server.Hosting;

/// <summary>The whole server on real sockets of this host.</summary>
public sealed class IsthmusServerTests
{
    public static TheoryData<string> Addresses => ["127.0.0.1", "::1"];

    internal static ServerOptions Loopback(int port = 0, string? store = null) => new()
    {
        Store = new() { Path = store },
        DrainTime = TimeSpan.Zero,
        Listeners =
        [
            new() { Transport = SipTransport.Udp, Address = IPAddress.Loopback, Port = port },
            new() { Transport = SipTransport.Udp, Address = IPAddress.IPv6Loopback, Port = port },
            new() { Transport = SipTransport.Tcp, Address = IPAddress.Loopback, Port = port },
            new() { Transport = SipTransport.Tcp, Address = IPAddress.IPv6Loopback, Port = port },
        ],
    };

    internal static IPEndPoint UdpOf(IsthmusServer server, string address) =>
        server.Listeners.First(listener => listener.Transport == SipTransport.Udp && listener.LocalEndPoint.Address.Equals(IPAddress.Parse(address))).LocalEndPoint;

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Register_ByEitherVersion_IsAnsweredAndFound(string address)
    {
        await using IsthmusServer server = Started(await IsthmusServer.StartAsync(Loopback()));
        using var client = new RegisteringClient(UdpOf(server, address));

        SipResponse answer = await client.RegisterAsync("alice");

        Assert.Equal(200, answer.StatusCode);
        Assert.Equal($"sip:alice@{client.SentBy}", answer.Contacts.Single().Uri.ToString());
        Assert.Equal(IPAddress.Parse(address).Version, Assert.Single(server.Location.All()).Version);
    }

    [Fact]
    public async Task Register_BothVersionsOfOneInstance_AreOneDevice()
    {
        await using IsthmusServer server = Started(await IsthmusServer.StartAsync(Loopback()));
        using var four = new RegisteringClient(UdpOf(server, "127.0.0.1"));
        using var six = new RegisteringClient(UdpOf(server, "::1"));
        await four.RegisterAsync("alice");
        await six.RegisterAsync("alice", 2);

        Assert.True(SipUri.TryParse("sip:alice@[::1]", out SipUri? alice));
        Assert.Equal(IpVersions.Both, Assert.Single(server.Location.Find(alice)).Versions); // one Call-ID
    }

    [Fact]
    public async Task Start_AfterARestart_KnowsItsBindings()
    {
        using var folder = new TemporaryFolder();
        await using (IsthmusServer server = Started(await IsthmusServer.StartAsync(Loopback(store: folder["isthmus.db"]))))
        {
            using var client = new RegisteringClient(UdpOf(server, "::1"));
            Assert.Equal(200, (await client.RegisterAsync("alice")).StatusCode);
        }

        await using IsthmusServer again = Started(await IsthmusServer.StartAsync(Loopback(store: folder["isthmus.db"])));
        Assert.Single(again.Location.All());
    }

    [Fact]
    public async Task Start_AfterARestart_KnowsTheRoutesOfItsDialogs()
    {
        using var folder = new TemporaryFolder();
        ulong token;
        await using (IsthmusServer server = Started(await IsthmusServer.StartAsync(Loopback(store: folder["isthmus.db"]))))
        {
            token = server.Proxy.Marks.TokenFor("call"u8);
        }

        await using IsthmusServer again = Started(await IsthmusServer.StartAsync(Loopback(store: folder["isthmus.db"])));
        await using IsthmusServer other = Started(await IsthmusServer.StartAsync(Loopback()));
        Assert.Equal(token, again.Proxy.Marks.TokenFor("call"u8));
        Assert.NotEqual(token, other.Proxy.Marks.TokenFor("call"u8));
    }

    [Fact]
    public async Task Start_PortInUse_IsOneClearLine()
    {
        await using IsthmusServer first = Started(await IsthmusServer.StartAsync(Loopback()));
        int port = UdpOf(first, "127.0.0.1").Port;

        ServerStart second = await IsthmusServer.StartAsync(new ServerOptions { Listeners = [new() { Transport = SipTransport.Udp, Address = IPAddress.Loopback, Port = port }] });

        Assert.Null(second.Server);
        Assert.Equal([$"udp 127.0.0.1:{port}: the port is in use by another program"], second.Problems);
    }

    [Fact]
    public async Task Start_AddressOfAnotherHost_IsOneClearLine()
    {
        ServerStart start = await IsthmusServer.StartAsync(new ServerOptions { Listeners = [new() { Transport = SipTransport.Tcp, Address = IPAddress.Parse("192.0.2.77"), Port = 5060 }] });

        Assert.Null(start.Server);
        Assert.Equal(["tcp 192.0.2.77:5060: this host does not have that address"], start.Problems);
    }

    [Fact]
    public async Task Start_OneWildcardBusy_TheOtherVersionServes()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Any, 0));
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        ServerStart start = await IsthmusServer.StartAsync(new ServerOptions
        {
            Listeners = [.. ServerOptions.DefaultListeners(port).Where(listener => listener.Transport == SipTransport.Udp)],
        });

        await using IsthmusServer server = start.Server!;
        Assert.Equal([$"udp 0.0.0.0:{port}: the port is in use by another program"], start.Problems);
        using var client = new RegisteringClient(new IPEndPoint(IPAddress.IPv6Loopback, port));
        Assert.Equal(200, (await client.RegisterAsync("alice")).StatusCode);
    }

    [Fact]
    public async Task Start_StoreOfAnotherKind_IsOneClearLine()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["isthmus.db"], new string('x', 5000));

        ServerStart start = await IsthmusServer.StartAsync(Loopback(store: folder["isthmus.db"]));

        Assert.Null(start.Server);
        Assert.Contains("is not a database that can be read", Assert.Single(start.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_OfAStartedServer_NamesVersionsTransportsDomainsAndMethod()
    {
        await using IsthmusServer server = Started(await IsthmusServer.StartAsync(Loopback() with { Domains = [new() { Name = "example.com", Judge = JudgeMethod.Carry }] }));
        string table = server.Table;

        Assert.Matches("(?m)^IPv4 +UDP +127\\.0\\.0\\.1:[0-9]+$", table);
        Assert.Matches("(?m)^IPv6 +TCP +\\[::1\\]:[0-9]+$", table);
        Assert.Matches("(?m)^domain +carry +example\\.com$", table);
    }

    [Fact]
    public async Task Show_OnTheRunningServer_ListsBindingsAndListeners()
    {
        using var folder = new TemporaryFolder();
        await using IsthmusServer server = Started(await IsthmusServer.StartAsync(Loopback() with { Control = new() { Socket = folder["control.sock"] } }));
        using var client = new RegisteringClient(UdpOf(server, "::1"));
        await client.RegisterAsync("alice");
        var control = new ControlClient(folder["control.sock"]);

        Assert.Equal("IPv6", Assert.Single((await control.BindingsAsync()).Items).Version);
        Assert.Equal(4, (await control.ListenersAsync()).Items.Count);
        Assert.Empty((await control.CallsAsync()).Items);
    }

    [Fact]
    public async Task RunAsync_Cancelled_DrainsAndExitsWith0()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var output = new StopWhenWritten(stop);

        int code = await ServerHost.RunAsync(Loopback() with { Store = new() { Path = StoreOptions.Memory }, Control = new() { Socket = ControlOptions.None } }, output, cancellation: stop.Token);

        Assert.Equal(0, code);
        Assert.Contains("IPv6", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_CannotStart_ExitsWith1()
    {
        await using IsthmusServer first = Started(await IsthmusServer.StartAsync(Loopback()));
        using var output = new StringWriter();
        ServerOptions options = new()
        {
            Listeners = [new() { Transport = SipTransport.Udp, Address = IPAddress.Loopback, Port = UdpOf(first, "127.0.0.1").Port }],
            Store = new() { Path = StoreOptions.Memory },
            Control = new() { Socket = ControlOptions.None },
        };

        Assert.Equal(1, await ServerHost.RunAsync(options, output));
        Assert.Empty(output.ToString());
    }

    internal static IsthmusServer Started(ServerStart start)
    {
        Assert.Empty(start.Problems);
        return start.Server!;
    }

    private sealed class StopWhenWritten(CancellationTokenSource stop) : StringWriter
    {
        public override void Flush() => stop.Cancel();
    }
}
