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
        Assert.EndsWith("| Isthmus | 100,000 | 80.0 | 0.60 |\n", MemoryReport.Markdown([empty, full]), StringComparison.Ordinal);
    }

    private static Comparison Compared((double Ours, double Peer)[] pairs, int failed = 0)
    {
        Turn Of(double perCall)
        {
            var result = new LoadResult { Completed = 1000, Failed = failed, Elapsed = TimeSpan.FromSeconds(1) };
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
