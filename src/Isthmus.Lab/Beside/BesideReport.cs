// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;

namespace Isthmus.Lab;

/// <summary>Local calls beside others as a table and as JSON.</summary>
public static class BesideReport
{
    /// <summary>A line for each stretch.</summary>
    public static string Table(IReadOnlyList<BesideResult> results)
    {
        string[][] rows =
        [
            ["", "local", "rang", "median ms", "p99 ms", "foreign", "rang", "median ms", "DNS questions"],
            .. results.Select(result => (string[])
            [
                result.IsBeside ? "beside others" : "alone", Text(result.Local), Text(result.LocalRang), Milliseconds(result.Median), Milliseconds(result.P99),
                Text(result.Foreign), Text(result.ForeignRang), Milliseconds(result.ForeignMedian), Text(result.Questions),
            ]),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        return string.Join('\n', rows.Select(row => string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd()));
    }

    /// <summary>An object with an array <c>rows</c>.</summary>
    public static void Write(Stream stream, IReadOnlyList<BesideResult> results)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartArray("rows");
        foreach (BesideResult result in results)
        {
            json.WriteStartObject();
            json.WriteBoolean("beside", result.IsBeside);
            json.WriteNumber("local", result.Local);
            json.WriteNumber("localRang", result.LocalRang);
            json.WriteNumber("medianMilliseconds", Number(result.Median));
            json.WriteNumber("p99Milliseconds", Number(result.P99));
            json.WriteNumber("foreign", result.Foreign);
            json.WriteNumber("foreignRang", result.ForeignRang);
            json.WriteNumber("foreignMedianMilliseconds", Number(result.ForeignMedian));
            json.WriteNumber("questions", result.Questions);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static double Number(TimeSpan? time) => Math.Round(time?.TotalMilliseconds ?? 0, 2);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan? time) => time is { } known ? known.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture) : "-";
}
