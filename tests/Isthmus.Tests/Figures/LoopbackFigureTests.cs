// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;
using Isthmus.Sip;

namespace Isthmus.Tests.Figures;

/// <summary>Every figure on real sockets of 127.0.0.1 and ::1, over UDP, TCP and mixed.</summary>
public sealed class LoopbackFigureTests
{
    public static TheoryData<string, SipTransport, SipTransport> Rows()
    {
        var rows = new TheoryData<string, SipTransport, SipTransport>();
        foreach (Figure figure in FigureTable.All)
        {
            rows.Add(figure.Name, SipTransport.Udp, SipTransport.Udp);
            rows.Add(figure.Name, SipTransport.Tcp, SipTransport.Tcp);
            rows.Add(figure.Name, SipTransport.Tcp, SipTransport.Udp);
        }

        return rows;
    }

    [Theory, MemberData(nameof(Rows))]
    public async Task Figure_OnRealSockets_IsAsDescribed(string name, SipTransport caller, SipTransport callee) =>
        await RunAsync(name, new FigureSettings { CallerTransport = caller, CalleeTransport = callee });

    [Theory]
    [InlineData("3", FigureEnding.CalleeHangsUp)]
    [InlineData("3", FigureEnding.CalleeRejects)]
    [InlineData("3", FigureEnding.CallerCancels)]
    [InlineData("7", FigureEnding.CallerCancels)]
    public async Task Figure_EndedInEveryWay_LeavesNoSocketBehind(string name, FigureEnding ending) =>
        await RunAsync(name, new FigureSettings { Ending = ending });

    private static async Task RunAsync(string name, FigureSettings settings)
    {
        LoopbackOnly.SkipWithoutIpv6();
        Figure figure = FigureTable.Find(name)!;
        FigureResult result = await FigureRun.RunAsync(figure, settings with { TalkAtMost = TimeSpan.FromSeconds(30) }, new LoopbackGround(), cancellation: TestContext.Current.CancellationToken);
        Assert.True(result.IsGood, string.Join('\n', result.Problems) + "\n" + new LadderText(figure.Nodes).Draw(result.Ladder));
    }
}
