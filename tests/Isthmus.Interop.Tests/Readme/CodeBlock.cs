// SPDX-License-Identifier: Apache-2.0
using Isthmus.Testing;

namespace Isthmus.Interop.Tests.Readme;

/// <summary>A fenced block of a page: its language, its lines, and where it begins.</summary>
internal sealed record CodeBlock(string Page, int Line, string Language, IReadOnlyList<string> Lines)
{
    public static IReadOnlyList<CodeBlock> In(string page)
    {
        var blocks = new List<CodeBlock>();
        List<string>? open = null;
        var (language, begin, number) = ("", 0, 0);
        foreach (var line in Repository.Lines(page))
        {
            number++;
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                open?.Add(line);
            }
            else if (open is null)
            {
                (open, language, begin) = ([], line[3..].Trim(), number);
            }
            else
            {
                blocks.Add(new CodeBlock(page, begin, language, open));
                open = null;
            }
        }

        Assert.True(open is null, $"{page}:{begin}: a code block is not closed");
        return blocks;
    }
}
