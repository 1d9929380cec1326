// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Text;

namespace Isthmus.Bodies;

/// <summary>The names that most documents consist of: one string each, for all documents. Others become strings of their own.</summary>
internal static class MarkupNames
{
    private const int Longest = 32;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Usual = FrozenSet.Create(
        StringComparer.Ordinal,
        "presence", "tuple", "status", "basic", "contact", "note", "timestamp", "person", "device", "deviceID", "activities", "away", "busy", "on-the-phone",
        "entity", "id", "priority", "lang", "xmlns", "state", "version", "display-name", "uri", "list", "resource", "instance", "name", "dialog", "isComposing").GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The text of a name, whose letters are ASCII.</summary>
    public static string Text(ReadOnlySpan<byte> name)
    {
        Span<char> letters = stackalloc char[Longest];
        return name.Length <= Longest && Usual.TryGetValue(letters[..Encoding.ASCII.GetChars(name, letters)], out string? known) ? known : Encoding.ASCII.GetString(name);
    }
}
