// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security;
using System.Text;

namespace Isthmus.Load;

/// <summary>Draws stacks as a flame graph: a box is as wide as the share of samples that were in it or in what it called.</summary>
internal static class FlameGraph
{
    private const int Width = 1600;
    private const int RowHeight = 17;
    private const int Margin = 30;
    private const double Narrowest = 0.5;
    private const double LetterWidth = 6.6;

    /// <param name="title">Stands above it.</param>
    /// <param name="stacks">As <see cref="StackFolder"/> counts them.</param>
    public static string Draw(string title, IReadOnlyDictionary<string, long> stacks)
    {
        Frame root = Tree(stacks);
        int depth = Depth(root);
        int height = (depth * RowHeight) + (2 * Margin);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" viewBox=\"0 0 {Width} {height}\" font-family=\"monospace\" font-size=\"11\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{height}\" fill=\"#fdfdf6\"/>\n<text x=\"{Width / 2}\" y=\"20\" text-anchor=\"middle\" font-size=\"14\">{SecurityElement.Escape(title)}</text>\n");
        Box(svg, root, 0, 0, root.Count, height - Margin - RowHeight);
        return svg.Append("</svg>\n").ToString();
    }

    private static Frame Tree(IReadOnlyDictionary<string, long> stacks)
    {
        var root = new Frame("all");
        foreach ((string stack, long count) in stacks)
        {
            Frame frame = root;
            frame.Count += count;
            foreach (string name in stack.Split(';'))
            {
                frame = frame.Child(name);
                frame.Count += count;
            }
        }

        return root;
    }

    private static int Depth(Frame frame) => 1 + frame.Children.Values.Select(Depth).DefaultIfEmpty(0).Max();

    private static void Box(StringBuilder svg, Frame frame, int level, long at, long all, int bottom)
    {
        double x = (double)at * Width / all;
        double width = (double)frame.Count * Width / all;
        if (width < Narrowest)
        {
            return;
        }

        int y = bottom - (level * RowHeight);
        string share = (100.0 * frame.Count / all).ToString("0.00", CultureInfo.InvariantCulture);
        int letters = (int)((width - 4) / LetterWidth);
        string label = letters < 3 ? "" : frame.Name.Length <= letters ? frame.Name : frame.Name[..(letters - 1)] + "…";
        svg.Append(CultureInfo.InvariantCulture, $"<g><title>{SecurityElement.Escape(frame.Name)}: {frame.Count} samples, {share} %</title>");
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.0}\" y=\"{y}\" width=\"{width:0.0}\" height=\"{RowHeight - 1}\" fill=\"{ColourOf(frame.Name)}\" rx=\"1\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 2:0.0}\" y=\"{y + 12}\">{SecurityElement.Escape(label)}</text></g>\n");
        foreach (Frame child in frame.Children.Values)
        {
            Box(svg, child, level + 1, at, all, bottom);
            at += child.Count;
        }
    }

    // Ours is green, the framework's yellow, everything else (the kernel, the runtime) red; the shade differs by name.
    private static string ColourOf(string name)
    {
        int shade = name.Aggregate(17, (sum, letter) => ((sum * 31) + letter) & 0xffff) % 40;
        return name.StartsWith("Isthmus.", StringComparison.Ordinal) ? $"hsl(110,45%,{55 + (shade / 2)}%)"
            : name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal) ? $"hsl(50,75%,{55 + (shade / 2)}%)"
            : $"hsl({5 + (shade / 2)},70%,{62 + (shade / 3)}%)";
    }

    private sealed class Frame(string name)
    {
        public string Name { get; } = name;

        public long Count { get; set; }

        public SortedDictionary<string, Frame> Children { get; } = new(StringComparer.Ordinal);

        public Frame Child(string name)
        {
            if (!Children.TryGetValue(name, out Frame? child))
            {
                Children.Add(name, child = new Frame(name));
            }

            return child;
        }
    }
}
