// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;

namespace Isthmus.Testing;

/// <summary>A SIP message as text, taken apart without the parser that is under test.</summary>
/// <param name="Text">The message, lines ended by CRLF.</param>
/// <param name="Source">Who sent it.</param>
public sealed record RawMessage(string Text, IPEndPoint Source)
{
    /// <summary>The start line.</summary>
    public string FirstLine => Text.Split("\r\n", 2)[0];

    /// <summary>A request's method; empty for a response.</summary>
    public string Method => FirstLine.StartsWith("SIP/2.0 ", StringComparison.Ordinal) ? "" : FirstLine.Split(' ')[0];

    /// <summary>A request's Request-URI.</summary>
    public string RequestUri => FirstLine.Split(' ')[1];

    /// <summary>A response's status; 0 for a request.</summary>
    public int Status => Method.Length == 0 ? int.Parse(FirstLine.Split(' ')[1], CultureInfo.InvariantCulture) : 0;

    /// <summary>What follows the empty line.</summary>
    public string Body => Text.Split("\r\n\r\n", 2) is [_, var body] ? body : "";

    /// <summary>The first header field of a name, or null.</summary>
    public string? this[string name] => Lines(name) is [var first, ..] ? first : null;

    /// <summary>Every header field of a name, a line each.</summary>
    public IReadOnlyList<string> Lines(string name) =>
    [
        .. Text.Split("\r\n\r\n", 2)[0].Split("\r\n").Skip(1)
            .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim()),
    ];

    /// <summary>Every element of a header of addresses or Vias: commas between elements separate, commas in quotes or angle brackets do not.</summary>
    public IReadOnlyList<string> Elements(string name) => [.. Lines(name).SelectMany(Split)];

    /// <summary>A parameter of a header field's first value: <c>tag</c> of From, <c>branch</c> of Via.</summary>
    public string? Parameter(string name, string parameter)
    {
        string field = this[name] ?? "";
        field = field[(field.LastIndexOf('>') + 1)..];
        return field.Split(';').Select(p => p.Trim().Split('=', 2)).FirstOrDefault(p => p[0] == parameter) is [_, var value] ? value : null;
    }

    /// <summary>What stands between the angle brackets of an address.</summary>
    public static string UriOf(string address) => address.Contains('<', StringComparison.Ordinal) ? address.Split('<')[1].Split('>')[0] : address.Split(';')[0];

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static IEnumerable<string> Split(string field)
    {
        int start = 0;
        bool quoted = false;
        bool bracketed = false;
        for (int i = 0; i < field.Length; i++)
        {
            quoted ^= field[i] == '"';
            bracketed = field[i] switch { '<' when !quoted => true, '>' when !quoted => false, _ => bracketed };
            if (field[i] == ',' && !quoted && !bracketed)
            {
                yield return field[start..i].Trim();
                start = i + 1;
            }
        }

        yield return field[start..].Trim();
    }
}
