// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Isthmus.Load;

/// <summary>A comparison as the cells of a table's row.</summary>
internal static class ResultCells
{
    /// <summary>The columns for these servers.</summary>
    public static IReadOnlyList<string> Columns(IReadOnlyList<string> servers) =>
    [
        "workload", "in + out", "phones",
        .. servers.Select(server => $"{server}, µs per call"),
        .. servers.Count > 1 ? (string[])["ratio", "least to most"] : [],
        .. servers.Select(server => $"{server}, calls/s, p50 / p99 ms"),
        "repeated", "collections, longest pause",
    ];

    public static IReadOnlyList<string> Of(Comparison comparison)
    {
        bool isGood = comparison.Faults.Count == 0;
        IEnumerable<int> servers = Enumerable.Range(0, comparison.Names.Count);
        return
        [
            comparison.Measurement.Row.Title, comparison.Measurement.Row.Messages, PhonesOf(comparison.Measurement),
            .. servers.Select(server => isGood ? Number(comparison.PerCall(server).Median) : "failed"),
            .. comparison.Ratio is { } ratio ? isGood ? (string[])[Ratio(ratio.Median), $"{Ratio(ratio.Least)} to {Ratio(ratio.Most)}"] : ["failed", ""] : [],
            .. servers.Select(server => Speed(comparison.Turns[server])),
            string.Join(" / ", servers.Select(server => comparison.Turns[server].Sum(turn => turn.Result.Repeated).ToString(CultureInfo.InvariantCulture))),
            string.Join(" / ", servers.Select(server => GarbageOf(comparison.Turns[server]))),
        ];
    }

    private static string GarbageOf(IReadOnlyList<Turn> turns) =>
        turns.Select(turn => turn.Garbage).Aggregate((all, one) => all is { } some && one is { } more ? some.And(more) : null)?.ToString() ?? "–";

    private static string PhonesOf(Measurement measurement)
    {
        TrafficOptions traffic = measurement.Traffic;
        string family = traffic.Family switch { Family.V4ToV4 => "IPv4→IPv4", Family.V6ToV4 => "IPv6→IPv4", _ => "IPv6→IPv6" };
        string users = traffic.Users.ToString("#,0", CultureInfo.InvariantCulture);
        string rate = traffic.Rate is { } perSecond ? $", at {perSecond.ToString("0", CultureInfo.InvariantCulture)}/s" : traffic.HalfOf == RateOf.Own ? ", each at half of its own rate" : "";
        return $"{users} {family} {(traffic.IsTcp ? "TCP" : "UDP")}{(measurement.IsDurable ? ", durable" : "")}{rate}";
    }

    private static string Speed(IReadOnlyList<Turn> turns)
    {
        var times = new ResponseTimes();
        foreach (Turn turn in turns)
        {
            times.Add(turn.Result.Times);
        }

        double rate = Spread.Of(turns.Select(turn => turn.Result.Rate)).Median;
        return $"{rate.ToString("0", CultureInfo.InvariantCulture)}, {Milliseconds(times.Quantile(0.5))} / {Milliseconds(times.Quantile(0.99))}";
    }

    private static string Milliseconds(long nanoseconds) => (nanoseconds / 1e6).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
