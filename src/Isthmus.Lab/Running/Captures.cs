// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Lab;

/// <summary>The captures of a whole ground: every host, and the router on each of its segments.</summary>
internal sealed class Captures : IDisposable
{
    private readonly NetworkPlan _plan;
    private readonly List<Capture> _captures = [];
    private readonly List<int> _read = [];

    private Captures(NetworkPlan plan, long begun)
    {
        _plan = plan;
        Begun = begun;
    }

    /// <summary>When they began, in nanoseconds since 1970.</summary>
    public long Begun { get; }

    /// <summary>What went wrong with any of them.</summary>
    public IEnumerable<string> Problems => _captures.Select(capture => capture.Problem).OfType<string>();

    /// <summary>Starts them all.</summary>
    public static async Task<Captures> StartAsync(LabGround ground, TimeProvider time)
    {
        var captures = new Captures(ground.Plan, (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100);
        try
        {
            foreach (HostPlan host in ground.Plan.Hosts)
            {
                await captures.AddAsync(host.Name, ground.Namespaces[host.Name], LabGround.HostInterface);
            }

            foreach (Segment segment in ground.Plan.Segments)
            {
                await captures.AddAsync(LabGround.RouterName, ground.Namespaces[LabGround.RouterName], LabGround.Bridge(segment));
            }

            return captures;
        }
        catch
        {
            captures.Dispose();
            throw;
        }
    }

    /// <summary>Gives an observation what was sent since this was asked last.</summary>
    public void ReadInto(Observation observation)
    {
        var packets = new List<CapturedPacket>();
        for (int i = 0; i < _captures.Count; i++)
        {
            IReadOnlyList<CapturedPacket> more = _captures[i].From(_read[i]);
            _read[i] += more.Count;
            packets.AddRange(more.Where(packet => IsSentBy(_captures[i].Host, packet)));
        }

        foreach (CapturedPacket packet in packets.OrderBy(packet => packet.Time))
        {
            observation.Add(packet);
        }
    }

    /// <summary>Stops them, writes one file for each host and one of everything that was sent, and returns the path of the latter.</summary>
    public string Save(string folder)
    {
        Dispose();
        foreach (IGrouping<string, Capture> host in _captures.GroupBy(capture => capture.Host))
        {
            PcapWriter.Write(Path.Combine(folder, $"{host.Key}.pcap"), host.SelectMany(capture => capture.From(0)));
        }

        string all = Path.Combine(folder, "capture.pcap");
        PcapWriter.Write(all, _captures.SelectMany(capture => capture.From(0).Where(packet => IsSentBy(capture.Host, packet))));
        return all;
    }

    public void Dispose()
    {
        foreach (Capture capture in _captures)
        {
            capture.Dispose();
        }
    }

    // A frame is in the capture of its sender, and in those of all who got it; the first is the one that counts.
    private bool IsSentBy(string host, in CapturedPacket packet) => host == LabGround.RouterName
        ? HardwareAddress.OfSender(packet.Frame.Span) is { } sender && sender == NetworkPlan.RouterMac(sender.Segment)
        : _plan.SenderOf(packet.Frame.Span) == host;

    private async Task AddAsync(string host, NetworkNamespace inside, string device)
    {
        _captures.Add(await Capture.StartAsync(host, inside, device));
        _read.Add(0);
    }
}
