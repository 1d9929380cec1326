// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Isthmus.Figures;
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>A result for people: the ladder with what was captured, and tables of results.</summary>
public static class LabText
{
    /// <summary>One result on a page: what was run, the ladder, the media, and what was not as it should be.</summary>
    public static string Page(LabResult result)
    {
        var page = new StringBuilder();
        page.AppendLine(Title(result));
        page.AppendLine(CultureInfo.InvariantCulture, $"        {Describe(result, result.Row.Figure.Left)}; {Describe(result, result.Row.Figure.Right)}");
        foreach (string server in result.Row.Figure.Servers.Where(server => result.Settings.ProgramOf(server) != ServerPrograms.Ours))
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"        {server} is {result.Settings.ProgramOf(server)}");
        }

        page.AppendLine(CultureInfo.InvariantCulture, $"        network of FIG. {result.Network.Name}: {result.Network.Title}; judge: {result.Method.ToString().ToLowerInvariant()}");
        page.AppendLine(CultureInfo.InvariantCulture, $"        {LadderText.Legend}   drawn from captured packets");
        page.AppendLine();
        page.AppendLine(new LadderText(result.Row.Figure.Nodes).Draw(result.Ladder, Streams(result)));
        page.AppendLine();
        foreach (MediaFact media in result.Media)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"        {media.From} to {media.To} on {media.Version.DisplayName}: {media.Packets} RTP, {media.ControlPackets} RTCP, {Sound(media)}");
        }

        foreach (string problem in result.Problems)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"        PROBLEM: {problem}");
        }

        if (result.IsGood)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"        As the figure says: {result.Seen.Count} arrows in order, {(result.Media.Count > 0 ? $"media on {result.Row.Figure.Media.DisplayName} only, directly between the terminals" : "no media")}.");
        }

        return page.ToString().TrimEnd();
    }

    /// <summary>One result as an SVG picture.</summary>
    public static string Picture(LabResult result) => new LadderSvg(result.Row.Figure.Nodes).Draw(Title(result), result.Ladder, Streams(result));

    /// <summary>Several results, a line each.</summary>
    public static string Table(IReadOnlyList<LabResult> results)
    {
        string[][] rows =
        [
            ["", "FIG.", "network", "judge", "servers", "caller", "callee", "media", "RTP", "s", ""],
            .. results.Select(result => (string[])
            [
                result.IsGood ? "good" : "BAD",
                result.Row.Name,
                result.Network.Name,
                result.Method.ToString().ToLowerInvariant(),
                string.Join(' ', result.Row.Figure.Servers.Select(server => result.Settings.ProgramOf(server) is var program && program == ServerPrograms.Ours ? server : $"{server} {program}")),
                Place(result, result.Row.Figure.Caller),
                Place(result, result.Row.Figure.Callee),
                string.Join("+", result.Media.Where(media => media.Packets > 0).Select(media => media.Version.DisplayName).Distinct().DefaultIfEmpty("none")),
                string.Join("/", result.Media.Select(media => media.Packets.ToString(CultureInfo.InvariantCulture)).DefaultIfEmpty("0")),
                result.Duration.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture),
                result.IsGood ? result.Row.Title : result.Problems[0],
            ]),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        return string.Join('\n', rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
    }

    private static string Title(LabResult result) => $"FIG. {result.Row.Name}  {result.Row.Title}";

    private static string Place(LabResult result, Terminal terminal) =>
        $"{terminal.Name} {result.Settings.TransportOf(result.Row.Figure, terminal).UriToken}{(result.Settings.ProgramOf(terminal.Name) is var program && program == TerminalPrograms.Ours ? "" : $" {program}")}";

    private static string Describe(LabResult result, Terminal terminal) =>
        $"{terminal.Name} ({result.Settings.ProgramOf(terminal.Name)}, {result.Settings.TransportOf(result.Row.Figure, terminal).UriToken}) {terminal.Description}";

    private static IReadOnlyList<LadderStream> Streams(LabResult result) =>
        [.. result.Media.Where(media => media.Packets > 0).Select(media => new LadderStream(media.From, media.To, media.Version, string.Create(CultureInfo.InvariantCulture, $"{media.Packets} RTP")))];

    private static string Sound(MediaFact media) => media.ToneHz is { } hertz ? string.Create(CultureInfo.InvariantCulture, $"a tone of {hertz:F0} Hz") : "no clear tone";
}
