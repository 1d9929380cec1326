// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>The measurements as a table and as JSON, and whether our server keeps its promise.</summary>
public static class FailoverReport
{
    /// <summary>The first call rings within this time, whatever is wrong.</summary>
    public static TimeSpan FirstWithin { get; } = TimeSpan.FromMilliseconds(600);

    /// <summary>The next call rings at most this much later than where nothing is wrong.</summary>
    public static TimeSpan NextWithin { get; } = TimeSpan.FromMilliseconds(50);

    /// <summary>What is not as promised; only our own server has promised something.</summary>
    public static IReadOnlyList<string> Problems(FailoverResult result, IReadOnlyList<FailoverResult> all)
    {
        var problems = result.Problems.ToList();
        if (result.Case.Server != ServerPrograms.Ours || problems.Count > 0)
        {
            return problems;
        }

        if (result.First is not { } first || first > FirstWithin)
        {
            problems.Add($"the first call rang after {Milliseconds(result.First, result)}, expected {FirstWithin.TotalMilliseconds:F0} ms or less");
        }

        TimeSpan normal = all.FirstOrDefault(other => other.Case == result.Case with { Fault = FailoverFault.None })?.Next ?? TimeSpan.Zero;
        if (result.Next is not { } next || next > normal + NextWithin)
        {
            problems.Add($"the next call rang after {Milliseconds(result.Next, result)}, expected at most {NextWithin.TotalMilliseconds:F0} ms more than {normal.TotalMilliseconds:F0} ms");
        }

        if (result.Invites != 2)
        {
            problems.Add($"the other domain got {result.Invites} INVITE transactions for two calls");
        }

        return problems;
    }

    /// <summary>A line for each case.</summary>
    public static string Table(IReadOnlyList<FailoverResult> results)
    {
        string[][] rows =
        [
            ["", "server", "transport", "what is wrong", "first call", "next call", "INVITEs", ""],
            .. results.Select(result => (string[])
            [
                result.Problems.Count > 0 ? "BAD" : result.Case.Server != ServerPrograms.Ours ? "-" : Problems(result, results).Count == 0 ? "good" : "BAD",
                result.Case.Server, result.Case.Transport.UriToken, result.Case.Title, Milliseconds(result.First, result), Milliseconds(result.Next, result),
                result.Invites.ToString(CultureInfo.InvariantCulture), Problems(result, results) is [var problem, ..] ? problem : "",
            ]),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        return string.Join('\n', rows.Select(row => string.Join("  ", row.Select((cell, column) => column is 4 or 5 or 6 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd()));
    }

    /// <summary>An object with <c>good</c> and an array <c>rows</c>.</summary>
    public static void Write(Stream stream, IReadOnlyList<FailoverResult> results)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteBoolean("good", results.All(result => Problems(result, results).Count == 0));
        json.WriteStartArray("rows");
        foreach (FailoverResult result in results)
        {
            json.WriteStartObject();
            json.WriteString("server", result.Case.Server);
            json.WriteString("transport", result.Case.Transport.UriToken);
            json.WriteString("fault", result.Case.Title);
            json.WriteString("arrival", result.Case.Arrival.DisplayName);
            Number(json, "firstMilliseconds", result.First);
            Number(json, "nextMilliseconds", result.Next);
            json.WriteNumber("invites", result.Invites);
            json.WriteStartArray("problems");
            foreach (string problem in Problems(result, results))
            {
                json.WriteStringValue(problem);
            }

            json.WriteEndArray();
            json.WriteString("output", result.Output);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, TimeSpan? time)
    {
        if (time is { } known)
        {
            json.WriteNumber(name, Math.Round(known.TotalMilliseconds, 1));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Milliseconds(TimeSpan? time, FailoverResult result) =>
        time is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.TotalMilliseconds:F0} ms") : string.Create(CultureInfo.InvariantCulture, $"over {result.Patience.TotalSeconds:F0} s");
}
