// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.DualStack;
using Isthmus.Figures;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Lab;
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Lab;

/// <summary>
/// Our server of a.example on a host of its own, with T5 and T6 registered, a real name server with the records that a test gives it, and behind the router a
/// host that rings for every call.
/// </summary>
internal sealed class NamesBed : IAsyncDisposable
{
    /// <summary>The host that rings.</summary>
    public const string Ringing = "S2";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly LabDomain Home = new("a.example", "S1", IpVersions.Both) { NameServer = "N1" };
    private static readonly LabDomain Other = new("b.example", Ringing, IpVersions.Both) { NameServer = "N2" };
    private static readonly Terminal T5 = new("T5", IpVersions.Both, RegistrationMode.Both), T6 = new("T6", IpVersions.Both, RegistrationMode.Both);

    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _running = [];
    private readonly AgentAnswers _answers = new();
    private readonly NetworkPlan _plan;
    private LabStage? _stage;
    private Captures? _captures;

    private NamesBed(bool hasDistantNames) => _plan = NetworkPlan.Of(
        new LabNetwork("names", "")
        {
            Domains = [Home, Other],
            Elsewhere = new Dictionary<string, Segment> { [Ringing] = Segment.Far, ["N1"] = hasDistantNames ? Segment.Far : Segment.Dual },
        },
        (T5, Home),
        (T6, Home));

    /// <summary>The caller into other domains, by IPv6 and UDP.</summary>
    public CallingAgent Caller { get; private set; } = null!;

    /// <summary>Another one, so that both can call at the same time.</summary>
    public CallingAgent Neighbour { get; private set; } = null!;

    /// <summary>A third one, for a call that takes long.</summary>
    public CallingAgent Another { get; private set; } = null!;

    /// <summary>A local user who rings for every call.</summary>
    public string Local => _plan.AddressOfRecord(T6);

    /// <summary>The address of a host.</summary>
    public static string AddressOf(string host, IpVersion version) => new NamesBed(false)._plan.Host(host).AddressOf(version)!.ToString();

    /// <summary>Starts everything; skips the running test where that cannot be done.</summary>
    /// <param name="records">What the zone a.example has besides its server.</param>
    /// <param name="configuration">What the name server's configuration has besides its zones.</param>
    /// <param name="lost">Addresses behind the router whose packets vanish; the name server is behind it then, too.</param>
    public static async Task<NamesBed> StartAsync(IReadOnlyList<ZoneRecord> records, string configuration = "", IReadOnlyList<string>? lost = null)
    {
        using (TestNetwork.Create())
        {
            ChildProgram.Require(KnotServer.Name, KnotServer.Package);
        }

        var bed = new NamesBed(hasDistantNames: lost is not null);
        try
        {
            await bed.StartAllAsync(records, configuration, lost ?? []);
            return bed;
        }
        catch
        {
            await bed.DisposeAsync();
            throw;
        }
    }

    /// <summary>What was asked of DNS servers so far, as the ladder remarks it.</summary>
    public IReadOnlyList<string> Questions()
    {
        using var seen = new Observation(_plan, _captures!.Begun);
        _captures.ReadInto(seen);
        return [.. seen.Ladder.Notes.Where(note => note.Node == "S1").Select(note => note.Text)];
    }

    /// <summary>What the server said, for a test that fails.</summary>
    public string Log => File.Exists(_stage!.LogOf("S1")) ? File.ReadAllText(_stage.LogOf("S1")) : "";

    public async ValueTask DisposeAsync()
    {
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            await _running[i].DisposeAsync();
        }

        _captures?.Dispose();
        _folder.Dispose();
    }

    private async Task StartAllAsync(IReadOnlyList<ZoneRecord> records, string configuration, IReadOnlyList<string> lost)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var ip = new IpTool(TestNetwork.Tool);
        var ground = await LabGround.BuildAsync(ip, _plan);
        _running.Add(ground);
        _captures = await Captures.StartAsync(ground, TimeProvider.System);
        _stage = new LabStage(_plan, new LabSettings { Isthmus = [IsthmusServer.Program], Output = _folder.Path }, ground, ip, TimeProvider.System);
        var names = new KnotServer(_stage, Home) { More = records, Appended = configuration };
        _running.Add(names);
        await names.StartAsync(cancellation);
        await ip.BatchAsync(_stage.NamespaceOf(LabGround.RouterName).Name, [.. lost.Select(address => $"route add blackhole {address}")]);

        foreach (var host in (string[])[Ringing, T6.Name])
        {
            _running.Add(AnsweringAgent.Start(_stage.NamespaceOf(host), _plan.Host(host), _answers));
        }

        var server = ServerPrograms.Create(ServerPrograms.Ours, _stage, Home, Home.Server, JudgeMethod.Auto);
        _running.Add(server);
        await server.StartAsync(cancellation);
        Caller = await RegisteredAsync(T5, null);
        Neighbour = await RegisteredAsync(T5, null);
        Another = await RegisteredAsync(T5, null);
        await RegisteredAsync(T6, $"sip:t6@{new IPEndPoint(_plan.Host(T6.Name).V6!, ServerProgram.Port)}");
    }

    private async Task<CallingAgent> RegisteredAsync(Terminal terminal, string? contact)
    {
        var server = new IPEndPoint(_plan.Host(Home.Server).V6!, ServerProgram.Port);
        var agent = CallingAgent.Open(_stage!.NamespaceOf(terminal.Name), server, SipTransport.Udp, _plan.AddressOfRecord(terminal), _answers);
        _running.Add(agent);
        Assert.True(await agent.RegisterAsync(Patience, TestContext.Current.CancellationToken, contact), Log);
        return agent;
    }
}
