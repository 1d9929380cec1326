// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Figures;

/// <summary>Draws a ladder as text: solid arrows travel on IPv6, dashed ones on IPv4; remarks stand beside their node.</summary>
/// <param name="nodes">The names of the nodes from left to right.</param>
/// <param name="gap">Characters between two nodes' lines; 20 or more.</param>
public sealed class LadderText(IReadOnlyList<string> nodes, int gap = 34)
{
    private const int Margin = 9;

    /// <summary>The names over the lines.</summary>
    public string Header
    {
        get
        {
            var line = Blank();
            for (int i = 0; i < nodes.Count; i++)
            {
                Put(line, Math.Max(0, Column(i) - (nodes[i].Length / 2)), nodes[i]);
            }

            return line.ToString().TrimEnd();
        }
    }

    /// <summary>What the two kinds of arrows mean.</summary>
    public static string Legend => "──────> IPv6   - - - > IPv4";

    /// <summary>One arrow: the time in milliseconds, the line, and what it carries.</summary>
    public string Line(Arrow arrow)
    {
        int from = nodes.IndexOf(arrow.From), to = nodes.IndexOf(arrow.To);
        if (from < 0 || to < 0 || from == to)
        {
            return $"{Time(arrow.At)} {arrow.Notation}";
        }

        StringBuilder line = Rails();
        Put(line, 0, Time(arrow.At));
        Draw(line, from, to, arrow.Version, Label(arrow));
        return line.ToString().TrimEnd();
    }

    /// <summary>Media from one node to another, over the lines of those between them.</summary>
    public string Line(LadderStream stream)
    {
        int from = nodes.IndexOf(stream.From), to = nodes.IndexOf(stream.To);
        if (from < 0 || to < 0 || from == to)
        {
            return $"       {stream.From} to {stream.To}: {stream.Label}";
        }

        StringBuilder line = Rails();
        Draw(line, from, to, stream.Version, stream.Label);
        return line.ToString().TrimEnd();
    }

    /// <summary>One remark, right of its node's line.</summary>
    public string Line(LadderNote note)
    {
        StringBuilder line = Rails();
        Put(line, 0, Time(note.At));
        int node = nodes.IndexOf(note.Node);
        Put(line, node < 0 ? Margin : Column(node) + 2, $"* {note.Text}");
        return line.ToString().TrimEnd();
    }

    /// <summary>The whole ladder; retransmissions are left out. Media stands under the messages.</summary>
    public string Draw(Ladder ladder, IReadOnlyList<LadderStream>? streams = null)
    {
        var rows = ladder.Arrows.Where(arrow => !arrow.IsRepeat).Select(arrow => (arrow.At, Line(arrow)))
            .Concat(ladder.Notes.Select(note => (note.At, Line(note))))
            .OrderBy(row => row.Item1);
        return string.Join('\n', rows.Select(row => row.Item2).Prepend(Header).Concat((streams ?? []).Select(Line)));
    }

    /// <summary>What stands on an arrow: the method or the status, and the address type of its session description.</summary>
    internal static string Label(Arrow arrow)
    {
        string name = arrow.Status is { } status ? string.Create(CultureInfo.InvariantCulture, $"{status} {arrow.Reason}") : arrow.Method.Name;
        return arrow.Session is null ? name : $"{name} ({arrow.Session})";
    }

    private static string Time(TimeSpan at) => string.Create(CultureInfo.InvariantCulture, $"{at.TotalMilliseconds,6:F0}");

    private static void Put(StringBuilder line, int at, string text)
    {
        while (line.Length < at + text.Length)
        {
            line.Append(' ');
        }

        for (int i = 0; i < text.Length; i++)
        {
            line[at + i] = text[i];
        }
    }

    private void Draw(StringBuilder line, int from, int to, IpVersion version, string text)
    {
        bool right = from < to;
        int start = Column(Math.Min(from, to)) + 1, end = Column(Math.Max(from, to)) - 1;
        for (int i = start; i <= end; i++)
        {
            line[i] = version == IpVersion.V6 ? '─' : (i - start) % 2 == 0 ? '-' : ' ';
        }

        line[right ? end : start] = right ? '>' : '<';
        string label = $" {text} ";
        Put(line, Math.Max(start + 1, ((start + end) / 2) - (label.Length / 2)), label);
    }

    private int Column(int node) => Margin + (node * gap);

    private StringBuilder Blank() => new(new string(' ', Column(nodes.Count - 1) + 2));

    private StringBuilder Rails()
    {
        StringBuilder line = Blank();
        for (int i = 0; i < nodes.Count; i++)
        {
            line[Column(i)] = '│';
        }

        return line;
    }
}
