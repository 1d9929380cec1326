// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Isthmus.Load;

/// <summary>Lets servers take turns, A B A B, so that what else the machine does falls on all of them.</summary>
internal sealed class Alternation(int pairs, IProgress<string> progress)
{
    private const int TurnsForRate = 3;
    private const int MostRepeats = 5;
    private static readonly TimeSpan LongestForRate = TimeSpan.FromSeconds(3);

    /// <param name="measurement">What a call is, and how they come.</param>
    /// <param name="servers">They run already.</param>
    /// <param name="stop">Ends it with an <see cref="OperationCanceledException"/>.</param>
    public Comparison Run(Measurement measurement, IReadOnlyList<ServerUnderTest> servers, CancellationToken stop)
    {
        Row row = measurement.Row;
        TrafficOptions options = measurement.Traffic;
        var traffic = new List<Traffic>();
        try
        {
            foreach (ServerUnderTest server in servers)
            {
                progress.Report($"{row.Title}: {server.Name} warms up");
                Traffic phones = Traffic.Open(server, options, row.Create, row.IsForwarded, stop, row.Introduce);
                traffic.Add(phones);
                phones.WarmUp(options, stop);
                _ = server.Look();
            }

            if (options.HalfOf is { } whose)
            {
                options = options with { Rate = whose == RateOf.Slower ? traffic.Min(phones => BestRate(phones, options, stop)) / 2 : null };
                progress.Report($"{row.Title}: from here on half of the {(whose == RateOf.Slower ? $"slower one's rate: {options.Rate:0} calls/s" : "rate that each of them reaches")}");
            }

            TrafficOptions[] each = [.. traffic.Select(phones => options.HalfOf == RateOf.Own ? options with { Rate = BestRate(phones, options, stop) / 2 } : options)];
            return new Comparison(measurement with { Traffic = options }, [.. servers.Select(server => server.Name)], Alternate(row, each, servers, traffic, stop));
        }
        finally
        {
            traffic.ForEach(phones => phones.Dispose());
        }
    }

    private List<Turn>[] Alternate(Row row, TrafficOptions[] options, IReadOnlyList<ServerUnderTest> servers, List<Traffic> traffic, CancellationToken stop)
    {
        var turns = servers.Select(_ => new List<Turn>()).ToArray();
        var began = new ServerFigures[servers.Count];
        var open = new LoadResult?[servers.Count];
        for (int pair = 0; pair <= pairs; pair++)
        {
            for (int i = 0; i < servers.Count; i++)
            {
                // A turn costs what the server used until its next one.
                if (open[i] is { } done)
                {
                    turns[i].Add(servers[i].Look().Of(done, began[i]));
                    progress.Report($"{row.Title}: {servers[i].Name} {pair}/{pairs}: {turns[i][^1].PerCall:0.0} µs, {done.Rate:0}/s{(done.IsGood ? "" : "; " + done.Faults)}");
                }

                if (pair < pairs)
                {
                    (began[i], open[i]) = (servers[i].Look(), traffic[i].Run(options[i].Pace, stop));
                    for (int again = 0; again < MostRepeats && options[i].IsSpoiled(open[i]!); again++)
                    {
                        progress.Report($"{row.Title}: {servers[i].Name}: the machine paused for {open[i]!.LongestPause.TotalMilliseconds:0} ms; the same turn again");
                        (began[i], open[i]) = (servers[i].Look(), traffic[i].Run(options[i].Pace, stop));
                    }
                }
                else if (i < servers.Count - 1)
                {
                    Pause(options[i].Turn, stop); // the last one's last turn is followed by as long a time as all others
                }
            }
        }

        return turns;
    }

    // What disturbs makes a server slower, never faster.
    private static double BestRate(Traffic phones, TrafficOptions options, CancellationToken stop)
    {
        Pace pace = options.Pace with { LongestTime = options.Turn < LongestForRate ? options.Turn : LongestForRate };
        return Enumerable.Range(0, TurnsForRate).Max(_ => phones.Run(pace, stop).Rate);
    }

    private static void Pause(TimeSpan time, CancellationToken stop) => stop.WaitHandle.WaitOne(time);
}
