// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Isthmus.Load;

/// <summary>Comparisons with all their turns, for programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static string Write(IReadOnlyList<Comparison> comparisons) => JsonSerializer.Serialize(comparisons.Select(Of), Indented);

    private static object Of(Comparison comparison) => new
    {
        Workload = comparison.Measurement.Row.Name,
        Family = (int)comparison.Measurement.Traffic.Family,
        Transport = comparison.Measurement.Traffic.IsTcp ? "tcp" : "udp",
        comparison.Measurement.Traffic.Users,
        comparison.Measurement.Traffic.InFlight,
        comparison.Measurement.Traffic.Rate,
        comparison.Measurement.IsDurable,
        IsGood = comparison.Faults.Count == 0,
        comparison.Faults,
        comparison.Ratio,
        Servers = comparison.Names.Select((name, server) => new
        {
            Name = name,
            MicrosecondsPerCall = comparison.PerCall(server),
            Turns = comparison.Turns[server].Select(turn => new
            {
                ProcessorSeconds = turn.Processor.TotalSeconds,
                BusiestThreadSeconds = turn.BusiestThread.TotalSeconds,
                turn.Garbage?.Collections,
                LongestCollectionMilliseconds = turn.Garbage?.LongestPause.TotalMilliseconds,
                LongestMachinePauseMilliseconds = turn.Result.LongestPause.TotalMilliseconds,
                turn.Result.Completed,
                turn.Result.Failed,
                turn.Result.Repeated,
                turn.Result.MissingAcks,
                turn.Result.Strays,
                turn.Result.Rate,
                P50Milliseconds = turn.Result.Times.Quantile(0.5) / 1e6,
                P99Milliseconds = turn.Result.Times.Quantile(0.99) / 1e6,
                LongestMilliseconds = turn.Result.Times.Longest / 1e6,
            }),
        }),
    };
}
