// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Isthmus.Load;

namespace Isthmus.Tests.Load;

public sealed class ReportTests
{
    [Fact]
    public void Ratio_OfTurns_IsTakenPairByPair()
    {
        Comparison comparison = Compared([(10, 20), (30, 20), (12, 20)]);
        Assert.Equal(new Spread(0.6, 0.5, 1.5), comparison.Ratio);
        Assert.Equal(new Spread(12, 10, 30), comparison.PerCall(0));
    }

    [Fact]
    public void Spread_OfAnEvenNumber_HasTheMeanOfTheMiddleTwo() => Assert.Equal(new Spread(2.5, 1, 4), Spread.Of([4, 1, 3, 2]));

    [Fact]
    public void Spread_OfNothing_Throws() => Assert.Throws<ArgumentException>(() => Spread.Of([]));

    [Fact]
    public void Markdown_GoodComparison_HasRatioAndSpread()
    {
        string text = MarkdownReport.Write([Compared([(10, 20), (30, 20), (12, 20)])]);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Contains("| W1 REGISTER | 1+1 | 10,000 IPv4→IPv4 UDP | 12.0 | 20.0 | 0.60 | 0.50 to 1.50 |", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_FailedCalls_PrintsNoFigure()
    {
        Comparison comparison = Compared([(10, 20)], failed: 3);
        Assert.DoesNotContain("0.50", MarkdownReport.Write([comparison]), StringComparison.Ordinal);
        Assert.Contains("3 of 1003 calls failed (3 × 503, 0 without an answer)", comparison.Faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_CollectionsOfAllTurns_AreAddedAndTheLongestShown()
    {
        Comparison comparison = Compared([(10, 20), (30, 20)]);
        Turn[] ours = [comparison.Turns[0][0] with { Garbage = new(2, TimeSpan.FromMilliseconds(1.5)) }, comparison.Turns[0][1] with { Garbage = new(1, TimeSpan.FromMilliseconds(0.5)) }];
        Assert.EndsWith("| 0 / 0 | 3, 1.5 ms / – |\n", MarkdownReport.Write([comparison with { Turns = [ours, comparison.Turns[1]] }]), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_TurnWithoutACompletedCall_IsWritten() => Assert.Contains("NaN", JsonReport.Write([Compared([(10, 20)], completed: 0)]), StringComparison.Ordinal);

    [Fact]
    public void Json_Comparison_HasEveryTurn()
    {
        using JsonDocument json = JsonDocument.Parse(JsonReport.Write([Compared([(10, 20), (30, 20)])]));
        JsonElement row = json.RootElement[0];
        Assert.Equal("w1", row.GetProperty("workload").GetString());
        Assert.Equal(1, row.GetProperty("ratio").GetProperty("median").GetDouble());
        Assert.Equal(2, row.GetProperty("servers")[1].GetProperty("turns").GetArrayLength());
    }

    [Fact]
    public void Result_OpenLoopThatCouldNotKeepUp_IsNotGood()
    {
        var result = new LoadResult { Completed = 10, NotBegun = 1 };
        Assert.False(result.IsGood);
        Assert.Contains("could not begin", result.Faults, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_AddedBindings_AreDividedByWhatCame()
    {
        MemoryStep empty = MemoryStep.After("Isthmus", 0, 20_000_000, null);
        MemoryStep full = MemoryStep.After("Isthmus", 100_000, 80_000_000, empty);
        Assert.Null(empty.PerBinding);
        Assert.Equal(600, full.PerBinding);
        Assert.Null(MemoryStep.After("Isthmus", 100_000, 81_000_000, full).PerBinding);
        Assert.EndsWith("| Isthmus | 100,000 | 80.0 | 0.60 | 3, 1.5 ms |\n", MemoryReport.Markdown([empty, full with { Garbage = new(3, TimeSpan.FromMilliseconds(1.5)) }]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, 60, 30, 2)]
    [InlineData(60, 75, 30, 1.6)] // a call costs more on two
    [InlineData(60, 60, 60, 1)] // one thread has all the work
    public void Scaling_OfOneAndTwoProcessors_IsBoundByCostAndByTheBusiestThread(double one, double two, double busiest, double growth)
    {
        Comparison comparison = Compared([(one, two)]);
        Turn[] turns = [comparison.Turns[1][0] with { BusiestThread = TimeSpan.FromMicroseconds(busiest * 1000) }];
        var scaling = new Scaling(comparison with { Turns = [comparison.Turns[0], turns] });
        Assert.Equal(growth, scaling.Growth.Median, 1e-9);
        Assert.Equal(busiest / two, scaling.Share.Median, 1e-9);
    }

    [Fact]
    public void Figures_BetweenTwoLooks_AreTheTurns()
    {
        var begin = new ServerFigures(TimeSpan.FromSeconds(1), new Dictionary<int, TimeSpan> { [1] = TimeSpan.FromSeconds(1) }, new RuntimeFigures([new(7, 90, 1)]));
        var end = new ServerFigures(
            TimeSpan.FromSeconds(4), new Dictionary<int, TimeSpan> { [1] = TimeSpan.FromSeconds(2), [2] = TimeSpan.FromSeconds(2) }, new RuntimeFigures([new(7, 90, 1), new(8, 1, 1), new(9, 3, 2)]));
        Turn turn = end.Of(new LoadResult(), begin);
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2), new Garbage(3, TimeSpan.FromMilliseconds(3))), (turn.Processor, turn.BusiestThread, turn.Garbage));
    }

    [Fact]
    public void Runtime_AnswerOfAServer_HasItsPauses()
    {
        Assert.Equal([new RuntimeFigures.Pause(1, 2.5, 1)], RuntimeFigures.Read("""{"runtime":{"heap":1,"pauses":[{"number":1,"upSeconds":3,"milliseconds":2.5,"collections":1}]}}""")!.Pauses);
        Assert.Null(RuntimeFigures.Read("""{"error":"unknown request"}"""));
    }

    [Theory]
    [InlineData(3, 19, 1000, false)]
    [InlineData(3, 21, 1000, true)]
    [InlineData(60, 290, 1000, false)]
    [InlineData(60, 310, 1000, true)]
    [InlineData(3, 1500, null, false)] // in a closed loop nobody calls meanwhile
    public void Turn_InWhichTheMachinePaused_IsSpoiled(int seconds, int pause, int? rate, bool isSpoiled) =>
        Assert.Equal(isSpoiled, new TrafficOptions { Rate = rate, Turn = TimeSpan.FromSeconds(seconds) }.IsSpoiled(new LoadResult { LongestPause = TimeSpan.FromMilliseconds(pause) }));

    private static Comparison Compared((double Ours, double Peer)[] pairs, int failed = 0, int completed = 1000)
    {
        Turn Of(double perCall)
        {
            var result = new LoadResult { Completed = completed, Failed = failed, Elapsed = TimeSpan.FromSeconds(1) };
            if (failed > 0)
            {
                result.Refusals[503] = failed;
            }

            return new Turn(result, TimeSpan.FromMicroseconds(perCall * 1000));
        }

        var measurement = new Measurement(Row.All[0], new TrafficOptions(), IsDurable: false);
        return new Comparison(measurement, ["Isthmus", "Kamailio"], [[.. pairs.Select(pair => Of(pair.Ours))], [.. pairs.Select(pair => Of(pair.Peer))]]);
    }
}
