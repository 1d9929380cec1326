// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Interop.Tests.Programs;

namespace Isthmus.Interop.Tests.Hostile;

/// <summary>What a server cannot listen on it says in one line; on wildcards the other version serves all the same.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Address_ThatAnotherProgramHas_IsOneLine(string transport)
    {
        using var taken = Take(IPAddress.Loopback, transport);
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        await using var isthmus = Serve(("Transport", transport), ("Address", "127.0.0.1"), ("Port", $"{port}"));
        Assert.Equal(1, await isthmus.ExitAsync());
        Assert.Contains($"{transport} 127.0.0.1:{port}: the port is in use by another program", Complaint(isthmus), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.77")]
    [InlineData("2001:db8::77")]
    public async Task Address_OfAnotherHost_IsOneLine(string address)
    {
        await using var isthmus = Serve(("Transport", "udp"), ("Address", address), ("Port", "5060"));
        Assert.Equal(1, await isthmus.ExitAsync());
        Assert.Contains($"udp {new IPEndPoint(IPAddress.Parse(address), 5060)}: this host does not have that address", Complaint(isthmus), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0", "::1")]
    [InlineData("::", "127.0.0.1")]
    public async Task Wildcard_ThatIsTaken_TheOtherVersionServes(string taken, string served)
    {
        using var socket = Take(IPAddress.Parse(taken), "udp");
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        await using var isthmus = Serve(
            ("0__Transport", "udp"), ("0__Address", "0.0.0.0"), ("0__Port", $"{port}"),
            ("1__Transport", "udp"), ("1__Address", "::"), ("1__Port", $"{port}"));
        var complaint = $"udp {new IPEndPoint(IPAddress.Parse(taken), port)}: the port is in use by another program";
        await isthmus.SaysAsync(System.Text.RegularExpressions.Regex.Escape(complaint));
        await isthmus.SaysAsync("store ");
        Assert.Contains(complaint, Complaint(isthmus), StringComparison.Ordinal);
        using var probe = SipProbe.Udp(new IPEndPoint(IPAddress.Parse(served), port));
        Assert.Equal(200, (await probe.AskAsync(probe.Request("OPTIONS", "sip:localhost"))).Status);
        await isthmus.SignalAsync("TERM");
        Assert.Equal(0, await isthmus.ExitAsync());
    }

    [Fact]
    public async Task Host_WithoutIPv6_IsSaidAndIPv4Serves()
    {
        using var network = TestNetwork.Create();
        var host = network.AddHost("10.1.0.1/24");
        using var folder = new TemporaryFolder();
        await using var isthmus = ChildProgram.Start(IsthmusServer.Program, ["serve"], folder.Path, host);
        await isthmus.SaysAsync("store ");
        await isthmus.SaysAsync("tcp .*this host has no IPv6");
        var complaints = isthmus.Output.Text.Split('\n').Where(line => line.Contains("[::]:5060", StringComparison.Ordinal)).ToList();
        Assert.True(complaints.Count == 2, isthmus.Output.Text); // one a transport
        Assert.All(complaints, line => Assert.EndsWith("[::]:5060: this host has no IPv6", line, StringComparison.Ordinal));
        Assert.Matches("(?m)^IPv4 +UDP +0.0.0.0:5060", isthmus.Output.Text);
        Assert.Matches("(?m)^IPv6 +UDP +-", isthmus.Output.Text);
    }

    [Fact]
    public async Task Store_OfARunningServer_IsOneLine()
    {
        await using var first = await IsthmusServer.StartAsync();
        await using var second = Serve(
            ("0__Transport", "udp"), ("0__Address", "127.0.0.1"), ("0__Port", "0"), ("../Store__Path", Path.Combine(first.StoreFolder, "bindings.db")));
        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains("bindings.db is in use by another server", Complaint(second), StringComparison.Ordinal);
    }

    private static ChildProgram Serve(params (string Key, string Value)[] settings)
    {
        var environment = settings.ToDictionary(
            setting => setting.Key.StartsWith("../", StringComparison.Ordinal) ? $"ISTHMUS__{setting.Key[3..]}" : $"ISTHMUS__Listeners__{(char.IsDigit(setting.Key[0]) ? "" : "0__")}{setting.Key}",
            setting => setting.Value);
        environment["ISTHMUS__Control__Socket"] = "none";
        environment.TryAdd("ISTHMUS__Store__Path", ":memory:");
        return ChildProgram.Start(IsthmusServer.Program, ["serve"], Path.GetTempPath(), environment: environment);
    }

    private static string Complaint(ChildProgram program) =>
        Assert.Single(program.Output.Text.Split('\n'), line => line.Contains(" warn: ", StringComparison.Ordinal) || line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal));

    private static Socket Take(IPAddress address, string transport)
    {
        var socket = new Socket(address.AddressFamily, transport == "udp" ? SocketType.Dgram : SocketType.Stream, transport == "udp" ? ProtocolType.Udp : ProtocolType.Tcp);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = false;
        }

        socket.Bind(new IPEndPoint(address, 0));
        if (transport == "tcp")
        {
            socket.Listen();
        }

        return socket;
    }
}
