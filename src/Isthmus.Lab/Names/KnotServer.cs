// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>
/// Knot DNS as the DNS server of a domain, on both versions that its host has. It serves the domain's zone, and passes questions for the other domains of the
/// network on to their servers.
/// </summary>
internal sealed class KnotServer(LabStage stage, LabDomain domain, SipTransport preferred = SipTransport.Udp) : IAsyncDisposable
{
    public const string Name = "knotd";
    public const string Package = "knot";
    public const int Port = 53;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromMilliseconds(300);

    private RunningProgram? _program;

    public static string? Tool => ToolBox.Find(Name);

    /// <summary>Records of its zone besides those of the plan.</summary>
    public IReadOnlyList<ZoneRecord> More { get; init; } = [];

    /// <summary>What is written behind the rest of its configuration, such as domains that it fails to serve.</summary>
    public string Appended { get; init; } = "";

    private string Place => domain.NameServer!;

    /// <summary>Starts it and waits until it answers for its zone on every address.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        string folder = stage.FolderOf(Place);
        Zone zone = Zone.Of(stage.Plan, domain, preferred);
        await File.WriteAllTextAsync(Path.Combine(folder, "zone"), ZoneFile.Text(zone with { Records = [.. zone.Records, .. More] }), cancellation);
        string file = Path.Combine(folder, "knot.conf");
        await File.WriteAllTextAsync(file, Configuration(folder), cancellation);
        _program = stage.Start(Place, [Tool ?? throw new LabException(ToolBox.Missing(Name, Package)), "-c", file], folder);
        IReadOnlyList<IPAddress> addresses = [.. stage.Plan.Host(Place).Addresses];
        bool serves = await stage.UntilAsync(() => _program.HasExited || addresses.All(Answers), cancellation);
        if (!serves || _program.HasExited)
        {
            throw new LabException($"{Place} does not serve {domain.Name}; see {stage.LogOf(Place)}");
        }
    }

    /// <summary>Asks it from inside its host; null when no answer comes.</summary>
    public DnsMessage? Ask(IPAddress server, string name, DnsType type) => DnsProbe.Ask(stage.NamespaceOf(Place), new IPEndPoint(server, Port), name, type, AnswerWithin);

    public ValueTask DisposeAsync() => _program?.DisposeAsync() ?? ValueTask.CompletedTask;

    private bool Answers(IPAddress address) => Ask(address, domain.Name, DnsType.SOA) is { ResponseCode: 0, IsAuthoritative: true };

    private string Configuration(string folder)
    {
        HostPlan host = stage.Plan.Host(Place);
        var text = new StringBuilder($"""
            server:
                rundir: "{folder}"
                pidfile: "{Path.Combine(folder, "knot.pid")}"
                udp-workers: 1
                tcp-workers: 1
                background-workers: 1
                listen: [ {string.Join(", ", host.Addresses.Select(address => $"{address}@{Port}"))} ]

            control:
                listen: "{Path.Combine(folder, "knot.sock")}"

            database:
                storage: "{folder}"

            log:
              - target: stderr
                any: info

            """);
        IReadOnlyList<LabDomain> others = [.. stage.Plan.Network.Domains.Where(other => other.NameServer is not null && other != domain)];
        if (others.Count > 0)
        {
            text.Append("\nremote:\n");
        }

        foreach (LabDomain other in others)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  - id: {other.NameServer}\n    address: [ {string.Join(", ", Reachable(host, other))} ]\n");
        }

        if (others.Count > 0)
        {
            // What is not in our own zones is asked of whom it belongs to.
            text.Append("\nmod-dnsproxy:\n").AppendJoin("", others.Select(other => $"  - id: {other.NameServer}\n    remote: {other.NameServer}\n    fallback: off\n"));
        }

        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\nzone:\n  - domain: {domain.Name}\n    file: \"{Path.Combine(folder, "zone")}\"\n");
        return text.AppendJoin("", others.Select(other => $"  - domain: {other.Name}\n    module: mod-dnsproxy/{other.NameServer}\n")).Append(Appended).ToString();
    }

    private IEnumerable<string> Reachable(HostPlan host, LabDomain other) =>
        from address in stage.Plan.Host(other.NameServer!).Addresses where host.Has.Has(address.Version) select $"{address}@{Port}";
}
