// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>
/// The hosts of a plan in network namespaces, on segments that a dual router joins. Names are unique, so several stand side by side; nothing of them is seen
/// by, or sees, the network of the machine. Disposing takes everything away.
/// </summary>
internal sealed class LabGround : IAsyncDisposable
{
    public const string RouterName = "R";
    public const string HostInterface = "eth0";

    private readonly IpTool _ip;
    private readonly string _run;
    private readonly Dictionary<string, NetworkNamespace> _namespaces = [];

    private LabGround(IpTool ip, NetworkPlan plan, string run)
    {
        _ip = ip;
        _run = run;
        Plan = plan;
    }

    public NetworkPlan Plan { get; }

    /// <summary>The folder of this run; it goes with the ground.</summary>
    public string Folder => Path.Combine(RunName.Folder, _run);

    /// <summary>The hosts and the router by their names.</summary>
    public IReadOnlyDictionary<string, NetworkNamespace> Namespaces => _namespaces;

    /// <summary>Builds it; where that fails, what was built is taken away, and the reason is an <see cref="IOException"/>.</summary>
    public static async Task<LabGround> BuildAsync(IpTool ip, NetworkPlan plan)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new LabException("the lab makes network namespaces, which only Linux has");
        }

        var ground = new LabGround(ip, plan, RunName.New());
        try
        {
            Directory.CreateDirectory(ground.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await ground.AddRouterAsync();
            for (int i = 0; i < plan.Hosts.Count; i++)
            {
                await ground.AddHostAsync(plan.Hosts[i], i);
            }

            return ground;
        }
        catch
        {
            await ground.DisposeAsync();
            throw;
        }
    }

    /// <summary>The interface of the router on a segment.</summary>
    public static string Bridge(Segment segment) => segment switch { Segment.Ipv4 => "n4", Segment.Ipv6 => "n6", Segment.Far => "far", _ => "dual" };

    public async ValueTask DisposeAsync()
    {
        foreach (NetworkNamespace one in _namespaces.Values)
        {
            await AbandonedRuns.RemoveAsync(_ip, one.Name);
        }

        _namespaces.Clear();
        AbandonedRuns.RemoveFolder(_run);
    }

    private async Task AddRouterAsync()
    {
        NetworkNamespace router = await AddNamespaceAsync(RouterName);

        // Its interfaces have IPv6 only where their segment has it: on an IPv4 segment not even a neighbour solicitation is seen.
        Set(router, [("net/ipv6/conf/default/disable_ipv6", "1")]);
        await _ip.BatchAsync(router.Name,
        [
            "link set lo up",
            .. Plan.Segments.Select(segment => $"link add {Bridge(segment)} address {NetworkPlan.RouterMac(segment)} type bridge mcast_snooping 0"),
        ]);
        Set(router, [("net/ipv4/ip_forward", "1"), ("net/ipv6/conf/all/forwarding", "1"),
            .. Plan.Segments.Where(segment => NetworkPlan.VersionsOf(segment).Has(IpVersion.V6)).Select(segment => ($"net/ipv6/conf/{Bridge(segment)}/disable_ipv6", "0"))]);
        await _ip.BatchAsync(router.Name,
        [
            .. Plan.Segments.Select(segment => $"link set {Bridge(segment)} up"),
            .. Plan.Segments.SelectMany(segment => Addresses(Bridge(segment), NetworkPlan.RouterAddress(segment, IpVersion.V4), NetworkPlan.RouterAddress(segment, IpVersion.V6))),
        ]);
    }

    private async Task AddHostAsync(HostPlan host, int port)
    {
        NetworkNamespace inside = await AddNamespaceAsync(host.Name);
        if (host.V6 is null)
        {
            // Not even a link-local or a loopback address: a host without IPv6.
            Set(inside, [("net/ipv6/conf/all/disable_ipv6", "1"), ("net/ipv6/conf/default/disable_ipv6", "1")]);
        }

        await _ip.BatchAsync(_namespaces[RouterName].Name,
        [
            $"link add port{port} type veth peer name {HostInterface} netns {inside.Name}",
            $"link set port{port} master {Bridge(host.Segment)}",
            $"link set port{port} up",
        ]);
        List<string> commands = ["link set lo up", $"link set {HostInterface} address {host.Mac}", $"link set {HostInterface} up", .. Addresses(HostInterface, host.V4, host.V6)];
        commands.AddRange(host.V4 is null
            ? ["address delete 127.0.0.1/8 dev lo"] // a host without IPv4
            : [$"route add default via {NetworkPlan.RouterAddress(host.Segment, IpVersion.V4)}"]);
        if (host.V6 is not null)
        {
            commands.Add($"route add default via {NetworkPlan.RouterAddress(host.Segment, IpVersion.V6)}");
        }

        await _ip.BatchAsync(inside.Name, commands);
        inside.Run(() =>
        {
            Offloading.TurnOff(HostInterface);
            return host;
        });
        WriteResolver(host, inside);
    }

    // A host of a domain with a DNS server asks that one.
    private void WriteResolver(HostPlan host, NetworkNamespace inside)
    {
        if (Plan.DomainOf(host.Name)?.NameServer is { } names)
        {
            AbandonedRuns.WriteSetting(inside, "resolv.conf", string.Concat(Plan.Host(names).Addresses.Where(address => host.Has.Has(address.Version)).Select(address => $"nameserver {address}\n")));
        }
    }

    private static IEnumerable<string> Addresses(string device, System.Net.IPAddress? v4, System.Net.IPAddress? v6)
    {
        if (v4 is not null)
        {
            yield return $"address add {v4}/24 dev {device}";
        }

        if (v6 is not null)
        {
            // Switched off or not, the detection of duplicates has its turn before the address can be bound, and beside others who make networks that may take a while.
            yield return $"address add {v6}/64 dev {device} nodad";
        }
    }

    private async Task<NetworkNamespace> AddNamespaceAsync(string host)
    {
        var one = new NetworkNamespace($"{_run}-{host.ToLowerInvariant()}");
        await _ip.RunAsync("netns", "add", one.Name);
        _namespaces.Add(host, one);

        // Nobody else is on this network: no duplicate address detection, so that an address works at once. Link-local ones too: a router forwards nothing to a
        // neighbour that it cannot ask for yet.
        Set(one, [("net/ipv6/conf/default/accept_dad", "0"), ("net/ipv6/conf/default/dad_transmits", "0")]);
        return one;
    }

    private static void Set(NetworkNamespace inside, IReadOnlyList<(string Name, string Value)> settings) => inside.Run(() =>
    {
        foreach ((string name, string value) in settings)
        {
            File.WriteAllText($"/proc/sys/{name}", value);
        }

        return settings.Count;
    });
}
