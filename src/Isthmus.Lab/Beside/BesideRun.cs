// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.DualStack;
using Isthmus.Figures;
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>
/// Measures local calls, by turns alone and beside many calls into 50 other domains whose names are looked up again every second, by a DNS server that takes its
/// time and for some of them never answers.
/// </summary>
public static class BesideRun
{
    /// <summary>Other domains.</summary>
    public const int Domains = 50;

    /// <summary>Those of them of which DNS says nothing.</summary>
    public const int Silent = 5;

    private const int LocalPerSecond = 100;
    private static readonly TimeSpan DnsDelay = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RegisterWithin = TimeSpan.FromSeconds(10);
    private static readonly LabDomain Home = new("a.example", "S1", IpVersions.Both) { NameServer = "N1" };
    private static readonly LabDomain Others = new("b.example", "S2", IpVersions.Both);
    private static readonly Terminal T5 = new("T5", IpVersions.Both, RegistrationMode.Both), T6 = new("T6", IpVersions.Both, RegistrationMode.Both);
    private static readonly NetworkPlan Plan = NetworkPlan.Of(
        new LabNetwork("beside", "T5, T6, S1 and a slow DNS server on a dual-stack network, the server of all other domains behind the router")
        {
            Domains = [Home, Others],
            Elsewhere = new Dictionary<string, Segment> { ["S2"] = Segment.Far },
        },
        (T5, Home),
        (T6, Home));

    /// <summary>Runs it.</summary>
    /// <param name="settings">How to run it: the command that is isthmus, and the folder.</param>
    /// <param name="foreignPerSecond">Calls into other domains in a second, where there are any.</param>
    /// <param name="length">How long each stretch is.</param>
    /// <param name="rounds">How many pairs of stretches.</param>
    /// <param name="progress">Is told what is being done, a line each.</param>
    /// <param name="time">The time.</param>
    /// <param name="cancellation">Ends the run; it still cleans up.</param>
    /// <exception cref="LabException">It cannot be done.</exception>
    public static async Task<IReadOnlyList<BesideResult>> RunAsync(
        LabSettings settings, int foreignPerSecond, TimeSpan length, int rounds, Action<string> progress, TimeProvider time, CancellationToken cancellation)
    {
        settings = settings with { Output = Directory.CreateDirectory(settings.Output).FullName };
        var ip = new IpTool(ToolBox.Find("ip") ?? throw new LabException(ToolBox.Missing("ip", IpTool.Package)));
        await AbandonedRuns.SweepAsync(ip);
        await using LabGround ground = await LabGround.BuildAsync(ip, Plan);
        var stage = new LabStage(Plan, settings, ground, ip, time);
        await using SlowNames names = SlowNames.Start(stage.NamespaceOf("N1"), Plan.Host("N1"), Plan.Host("S2"), DnsDelay, time);
        var answers = new AgentAnswers();
        await using AnsweringAgent far = AnsweringAgent.Start(stage.NamespaceOf("S2"), Plan.Host("S2"), answers), near = AnsweringAgent.Start(stage.NamespaceOf("T6"), Plan.Host("T6"), answers);
        await using ServerProgram server = ServerPrograms.Create(ServerPrograms.Ours, stage, Home, "S1", JudgeMethod.Auto);
        await server.StartAsync(cancellation);
        var address = new IPEndPoint(Plan.Host("S1").V6!, ServerProgram.Port);
        await using CallingAgent first = CallingAgent.Open(stage.NamespaceOf("T5"), address, SipTransport.Udp, Plan.AddressOfRecord(T5));
        await using CallingAgent second = CallingAgent.Open(stage.NamespaceOf("T6"), address, SipTransport.Udp, Plan.AddressOfRecord(T6), answers);
        if (!await first.RegisterAsync(RegisterWithin, cancellation)
            || !await second.RegisterAsync(RegisterWithin, cancellation, $"sip:t6@{new IPEndPoint(Plan.Host("T6").V6!, ServerProgram.Port)}"))
        {
            throw new LabException($"S1 does not register; see {stage.LogOf("S1")}");
        }

        await using CallFlow local = CallFlow.Open(stage.NamespaceOf("T5"), address, Plan.AddressOfRecord(T5));
        await using CallFlow foreign = CallFlow.Open(stage.NamespaceOf("T5"), address, Plan.AddressOfRecord(T5));
        var results = new List<BesideResult>();
        progress("warming up");
        await StretchAsync(WarmUp, isBeside: true);
        for (int i = 0; i < rounds * 2; i++)
        {
            progress($"stretch {i + 1} of {rounds * 2}: local calls {(i % 2 == 0 ? "alone" : $"beside {foreignPerSecond} calls a second into {Domains} domains")}");
            results.Add(await StretchAsync(length, isBeside: i % 2 == 1));
        }

        return results;

        async Task<BesideResult> StretchAsync(TimeSpan span, bool isBeside)
        {
            int asked = names.Asked;
            Task<CallFlowResult> localCalls = local.RunAsync([Plan.AddressOfRecord(T6)], LocalPerSecond, span, Last, time, cancellation);
            CallFlowResult? others = isBeside ? await foreign.RunAsync([.. Enumerable.Range(0, Domains).Select(UriOf)], foreignPerSecond, span, Last, time, cancellation) : null;
            CallFlowResult result = await localCalls;
            return new BesideResult
            {
                IsBeside = isBeside,
                Local = result.Made,
                LocalRang = result.Rang.Count,
                Median = result.Quantile(0.5),
                P99 = result.Quantile(0.99),
                Foreign = others?.Made ?? 0,
                ForeignRang = others?.Rang.Count ?? 0,
                ForeignMedian = others?.Quantile(0.5),
                Questions = names.Asked - asked,
            };
        }
    }

    private static string UriOf(int number) => $"sip:t9@{(number < Silent ? "silent" : "domain")}{number}.example";
}
