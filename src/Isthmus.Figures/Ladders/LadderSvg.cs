// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Figures;

/// <summary>Draws a ladder as an SVG picture: solid arrows travel on IPv6, dashed ones on IPv4; remarks stand beside their node.</summary>
/// <param name="nodes">The names of the nodes from left to right.</param>
/// <param name="gap">Pixels between two nodes' lines.</param>
public sealed class LadderSvg(IReadOnlyList<string> nodes, int gap = 260)
{
    private const int Left = 110;
    private const int Top = 90;
    private const int Row = 26;

    /// <summary>The whole picture; retransmissions are left out.</summary>
    /// <param name="title">The line over it.</param>
    /// <param name="ladder">What is drawn.</param>
    /// <param name="streams">Double arrows under the messages: the media.</param>
    public string Draw(string title, Ladder ladder, IReadOnlyList<LadderStream> streams)
    {
        var rows = ladder.Arrows.Where(arrow => !arrow.IsRepeat).Select(arrow => (arrow.At, Draw: (Action<StringBuilder, int>)((svg, y) => Message(svg, y, arrow))))
            .Concat(ladder.Notes.Select(note => (note.At, Draw: (Action<StringBuilder, int>)((svg, y) => Remark(svg, y, note)))))
            .OrderBy(row => row.At).Select(row => row.Draw)
            .Concat(streams.Select(stream => (Action<StringBuilder, int>)((svg, y) => Stream(svg, y, stream))))
            .ToList();
        int width = Left + (gap * (nodes.Count - 1)) + Left, height = Top + (Row * (rows.Count + 2));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">
            <defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z"/></marker></defs>
            <rect width="100%" height="100%" fill="white"/>
            <text x="12" y="22" font-weight="bold">{Text(title)}</text>

            """);
        Legend(svg);
        for (int i = 0; i < nodes.Count; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(i)}\" y=\"{Top - 16}\" text-anchor=\"middle\" font-weight=\"bold\">{Text(nodes[i])}</text>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(i)}\" y1=\"{Top - 8}\" x2=\"{X(i)}\" y2=\"{height - Row}\" stroke=\"#999\"/>\n");
        }

        int at = Top + Row;
        foreach (Action<StringBuilder, int> row in rows)
        {
            row(svg, at);
            at += Row;
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Legend(StringBuilder svg) => svg.Append("""
        <line x1="12" y1="40" x2="52" y2="40" stroke="black"/><text x="58" y="44">IPv6</text>
        <line x1="112" y1="40" x2="152" y2="40" stroke="black" stroke-dasharray="7 5"/><text x="158" y="44">IPv4</text>

        """);

    private void Message(StringBuilder svg, int y, Arrow arrow)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"12\" y=\"{y + 4}\" fill=\"#777\" font-size=\"11\">{arrow.At.TotalMilliseconds:F0} ms</text>\n");
        Line(svg, y, arrow.From, arrow.To, arrow.Version, LadderText.Label(arrow), "black", "marker-end=\"url(#head)\"");
    }

    private void Stream(StringBuilder svg, int y, LadderStream stream) =>
        Line(svg, y, stream.From, stream.To, stream.Version, stream.Label, "#06c", "stroke-width=\"3\" marker-end=\"url(#head)\"");

    private void Remark(StringBuilder svg, int y, LadderNote note)
    {
        int node = Math.Max(0, nodes.IndexOf(note.Node));
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(node) + 8}\" y=\"{y + 4}\" fill=\"#555\" font-size=\"11\">{Text(note.Text)}</text>\n");
    }

    private void Line(StringBuilder svg, int y, string from, string to, IpVersion version, string label, string colour, string style)
    {
        int start = nodes.IndexOf(from), end = nodes.IndexOf(to);
        if (start < 0 || end < 0)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{y + 4}\">{Text($"{from} to {to}: {label}")}</text>\n");
            return;
        }

        string dashes = version == IpVersion.V4 ? " stroke-dasharray=\"7 5\"" : "";
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(start)}\" y1=\"{y}\" x2=\"{X(end)}\" y2=\"{y}\" stroke=\"{colour}\"{dashes} {style}/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(X(start) + X(end)) / 2}\" y=\"{y - 5}\" text-anchor=\"middle\" fill=\"{colour}\">{Text(label)}</text>\n");
    }

    // What came from the network is text, never markup.
    private static string Text(string text) => WebUtility.HtmlEncode(new string([.. text.Select(character => char.IsControl(character) ? ' ' : character)]));

    private int X(int node) => Left + (node * gap);
}
