// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Figures;
using Isthmus.Sip;
using Isthmus.Testing;

namespace Isthmus.Tests.Figures;

/// <summary>Every figure under every method that it names, over UDP, TCP and mixed, on a network in memory with simulated time.</summary>
public sealed class FigureTests
{
    private static readonly (SipTransport Caller, SipTransport Callee)[] Transports =
        [(SipTransport.Udp, SipTransport.Udp), (SipTransport.Tcp, SipTransport.Tcp), (SipTransport.Tcp, SipTransport.Udp), (SipTransport.Udp, SipTransport.Tcp)];

    public static TheoryData<string, JudgeMethod, SipTransport, SipTransport> Rows()
    {
        var rows = new TheoryData<string, JudgeMethod, SipTransport, SipTransport>();
        foreach (Figure figure in FigureTable.All)
        {
            foreach (JudgeMethod method in figure.Methods)
            {
                foreach ((SipTransport caller, SipTransport callee) in Transports)
                {
                    rows.Add(figure.Name, method, caller, callee);
                }
            }
        }

        return rows;
    }

    public static TheoryData<string, FigureEnding, SipTransport> Endings()
    {
        var rows = new TheoryData<string, FigureEnding, SipTransport>();
        foreach (string figure in (string[])["3", "4", "5", "7", "8", "E4-a2", "E4-b1"])
        {
            foreach (FigureEnding ending in Enum.GetValues<FigureEnding>())
            {
                rows.Add(figure, ending, SipTransport.Udp);
                rows.Add(figure, ending, SipTransport.Tcp);
            }
        }

        return rows;
    }

    public static TheoryData<string, string, int> Faults()
    {
        var rows = new TheoryData<string, string, int>();
        foreach (string figure in (string[])["3", "4", "5", "6", "7", "8", "E4-a2", "E4-b1"])
        {
            foreach (string fault in (string[])["loss", "duplication", "reordering", "all"])
            {
                rows.Add(figure, fault, 1);
                rows.Add(figure, fault, 2);
            }
        }

        return rows;
    }

    [Theory, MemberData(nameof(Rows))]
    public void Figure_OnAQuietNetwork_IsAsDescribed(string name, JudgeMethod method, SipTransport caller, SipTransport callee) =>
        Run(name, new FigureSettings { Method = method, CallerTransport = caller, CalleeTransport = callee, Linger = TimeSpan.FromSeconds(45) });

    [Theory, MemberData(nameof(Endings))]
    public void Figure_EndedInEveryWay_LeavesNothingBehind(string name, FigureEnding ending, SipTransport transport) =>
        Run(name, new FigureSettings { Ending = ending, CallerTransport = transport, CalleeTransport = transport, RingFor = TimeSpan.FromSeconds(1), Linger = TimeSpan.FromSeconds(200) });

    [Theory, MemberData(nameof(Faults))]
    public void Figure_OnABadNetwork_IsAsDescribed(string name, string fault, int seed) =>
        Run(name, new FigureSettings { TalkAtMost = TimeSpan.FromSeconds(20), Linger = TimeSpan.FromSeconds(200) }, seed, faults =>
        {
            faults.Delay = TimeSpan.FromMilliseconds(10);
            faults.Loss = fault is "loss" or "all" ? 0.1 : 0;
            faults.Duplication = fault is "duplication" or "all" ? 0.1 : 0;
            faults.Reordering = fault is "reordering" or "all" ? 0.1 : 0;
        });

    private static void Run(string name, FigureSettings settings, int seed = 1, Action<LinkFaults>? faults = null)
    {
        using var world = new World(seed);
        faults?.Invoke(world.Network.Faults);
        Figure figure = FigureTable.Find(name)!;
        FigureResult result = world.Run(() => FigureRun.RunAsync(figure, settings, new MemoryGround(world)));
        Assert.True(result.IsGood, string.Join('\n', result.Problems) + "\n" + new LadderText(figure.Nodes).Draw(result.Ladder));
    }
}
