// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Isthmus.Sip;

/// <summary>quoted-string of RFC 3261 §25.1.</summary>
internal static class QuotedString
{
    /// <summary>The length of the quoted string that the text begins with, with both quotes; 0 when it is not closed.</summary>
    public static int Length(ReadOnlySpan<byte> text)
    {
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                return i + 1;
            }
        }

        return 0;
    }

    /// <summary>The content of a quoted string, or the text itself when it is not quoted.</summary>
    public static string Content(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[0] != '"')
        {
            return Characters.Text(text);
        }

        text = text[1..^1];
        if (text.IndexOfAny((byte)'\\', (byte)'\n') < 0)
        {
            return Characters.Text(text);
        }

        var target = new byte[text.Length];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
            }

            target[length++] = text[i];
        }

        return Characters.UnfoldedInside(target.AsSpan(0, length));
    }

    /// <summary>The text in quotes, with quotes and backslashes escaped and line ends (which a header cannot hold) made spaces.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Quote(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var target = new StringBuilder(text.Length + 2).Append('"');
        foreach (char c in text)
        {
            if (c is '"' or '\\')
            {
                target.Append('\\');
            }

            target.Append(c is '\r' or '\n' or '\0' ? ' ' : c);
        }

        return target.Append('"').ToString();
    }

    /// <summary>The text as a token or host where it is one, else quoted.</summary>
    public static string QuoteIfNeeded(string text)
    {
        foreach (char c in text)
        {
            if (c > 127 || !Characters.ParameterValue.Has((byte)c))
            {
                return Quote(text);
            }
        }

        return text.Length == 0 ? "\"\"" : text;
    }
}
