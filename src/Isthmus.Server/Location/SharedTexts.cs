// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Server.Location;

/// <summary>One string for the many times that the same text comes, such as a User-Agent. Bounded: beyond it each is by itself. From any thread.</summary>
internal sealed class SharedTexts
{
    private const int Most = 4096;
    private const int LongestChars = 2048;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    public string Of(ReadOnlySpan<byte> text)
    {
        if (text.Length > LongestChars)
        {
            return Encoding.UTF8.GetString(text);
        }

        Span<char> chars = stackalloc char[LongestChars];
        return Of(chars[..Encoding.UTF8.GetChars(text, chars)]);
    }

    public string Of(ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            if (_texts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out string? known))
            {
                return known;
            }

            string made = text.ToString();
            if (_texts.Count < Most)
            {
                _texts.Add(made);
            }

            return made;
        }
    }
}
