// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Isthmus.Lab;

namespace Isthmus.Tests.Lab.Beside;

public sealed class BesideReportTests
{
    private static readonly BesideResult[] Results =
    [
        new() { IsBeside = false, Local = 100, LocalRang = 100, Median = TimeSpan.FromMilliseconds(0.5), P99 = TimeSpan.FromMilliseconds(4.58) },
        new() { IsBeside = true, Local = 100, LocalRang = 99, Foreign = 500, ForeignRang = 450, Questions = 1000 },
    ];

    [Fact]
    public void Table_HasALineForEachStretch() => Assert.Equal(
        ["alone", "100", "100", "0.5", "4.6", "0", "0", "-", "0"],
        BesideReport.Table(Results).Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void Quantile_OfTimes_IsTheOneWithinWhichThatShareRang()
    {
        var result = new CallFlowResult(200, 0, [.. Enumerable.Range(1, 200).Select(i => TimeSpan.FromMilliseconds(i))]);
        Assert.Equal((101.0, 199.0), (result.Quantile(0.5)?.TotalMilliseconds, result.Quantile(0.99)?.TotalMilliseconds));
        Assert.Null(new CallFlowResult(1, 1, []).Quantile(0.5));
    }

    [Fact]
    public void Results_AreAnObjectThatProgramsRead()
    {
        using var stream = new MemoryStream();
        BesideReport.Write(stream, Results);
        JsonElement row = JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("rows")[1];
        Assert.Equal((true, 450, 1000), (row.GetProperty("beside").GetBoolean(), row.GetProperty("foreignRang").GetInt32(), row.GetProperty("questions").GetInt32()));
    }
}
