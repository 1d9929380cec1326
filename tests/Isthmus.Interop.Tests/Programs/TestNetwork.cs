// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>A host of its own on a <see cref="TestNetwork"/>: it has the addresses that it was given and no other.</summary>
internal sealed record TestHost(string Namespace, IReadOnlyList<IPAddress> Addresses)
{
    public IEnumerable<string> Prefix => [TestNetwork.Tool, "netns", "exec", Namespace];

    public IPAddress V4 => Addresses.First(address => address.AddressFamily == AddressFamily.InterNetwork);

    public IPAddress V6 => Addresses.First(address => address.AddressFamily == AddressFamily.InterNetworkV6);
}

/// <summary>
/// Hosts in Linux network namespaces, joined by one bridge: the way to have a host that really is IPv4-only beside one that is dual-stack.
/// Needs root; nothing of it is seen by, or sees, the network of the machine.
/// </summary>
internal sealed class TestNetwork : IDisposable
{
    private readonly List<string> _namespaces = [];
    private readonly string _name = $"isth{Environment.ProcessId % 100_000}-{Guid.NewGuid().ToString("N")[..4]}";

    private TestNetwork()
    {
    }

    public static string Tool { get; } = ChildProgram.Find("ip") ?? "ip";

    /// <summary>A network without hosts; skips the running test where namespaces cannot be made.</summary>
    public static TestNetwork Create()
    {
        ChildProgram.Require("ip", "iproute2");
        var network = new TestNetwork();
        var refusal = network.TryAddNamespace(network.Switch);
        Assert.SkipWhen(refusal is not null, $"network namespaces cannot be made here (run as root): {refusal}");
        network.In(network.Switch, "link", "add", "bridge", "type", "bridge");
        network.In(network.Switch, "link", "set", "bridge", "up");
        return network;
    }

    private string Switch => _name + "-sw";

    /// <summary>Adds a host with addresses such as <c>10.1.0.5/24</c> and <c>fd00:1::5/64</c>.</summary>
    public TestHost AddHost(params string[] addresses)
    {
        var number = _namespaces.Count;
        var name = $"{_name}-{number}";
        Assert.Null(TryAddNamespace(name));
        if (!addresses.Any(address => address.Contains(':')))
        {
            // Not even a link-local address: an IPv4-only host.
            Run(Tool, "netns", "exec", name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
        }

        In(Switch, "link", "add", $"port{number}", "type", "veth", "peer", "name", "eth0", "netns", name);
        In(Switch, "link", "set", $"port{number}", "master", "bridge", "up");
        In(name, "link", "set", "lo", "up");
        In(name, "link", "set", "eth0", "up");
        foreach (var address in addresses)
        {
            // Nobody else is on this network: no duplicate address detection, so that an address works at once.
            string[] flags = address.Contains(':') ? ["nodad"] : [];
            In(name, ["address", "add", address, "dev", "eth0", .. flags]);
        }

        foreach (var address in addresses)
        {
            In(name, [address.Contains(':') ? "-6" : "-4", "route", "replace", "default", "dev", "eth0"]);
        }

        return new TestHost(name, [.. addresses.Select(address => IPAddress.Parse(address.Split('/')[0]))]);
    }

    public void Dispose()
    {
        foreach (var name in _namespaces)
        {
            Run(Tool, "netns", "delete", name);
        }
    }

    private string? TryAddNamespace(string name)
    {
        var refusal = Run(Tool, "netns", "add", name);
        if (refusal is null)
        {
            _namespaces.Add(name);
        }

        return refusal;
    }

    private void In(string name, params string[] arguments) => Assert.Null(Run(Tool, ["-n", name, .. arguments]));

    /// <summary>What the command complained about; null when it succeeded.</summary>
    private static string? Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{program} {string.Join(' ', arguments)}: {error.Trim()}";
    }
}
