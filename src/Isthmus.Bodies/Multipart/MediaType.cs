// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;

namespace Isthmus.Bodies;

/// <summary>A media type with its parameters, as in a Content-Type (RFC 3261 §20.15, RFC 2045 §5.1).</summary>
/// <param name="Name">Type and subtype in lower case, as in <c>multipart/related</c>.</param>
public sealed record MediaType(string Name)
{
    /// <summary>The parameters in their order, unquoted; names in lower case.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>The value of a parameter; null when there is none. Names are compared whatever their case.</summary>
    public string? Parameter(string name)
    {
        foreach (var (key, value) in Parameters)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>Reads the value of a Content-Type; null when it is none. Parameters that cannot be read end it.</summary>
    public static MediaType? Parse(string? value)
    {
        var rest = value.AsSpan().Trim();
        int end = rest.IndexOf(';');
        var name = (end < 0 ? rest : rest[..end]).Trim();
        int slash = name.IndexOf('/');
        if (slash <= 0 || slash == name.Length - 1 || name.ContainsAny(" \t\r\n\""))
        {
            return null;
        }

        var parameters = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        rest = end < 0 ? [] : rest[end..];
        while (Next(ref rest) is { } parameter)
        {
            parameters.Add(parameter);
        }

        return new(name.ToString().ToLowerInvariant()) { Parameters = parameters.DrainToImmutable() };
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder(Name);
        foreach (var (key, value) in Parameters)
        {
            text.Append(';').Append(key).Append('=');
            text = IsToken(value) ? text.Append(value) : text.Append('"').Append(value.Replace("\\", "\\\\").Replace("\"", "\\\"")).Append('"');
        }

        return text.ToString();
    }

    private static KeyValuePair<string, string>? Next(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart();
        int equals = rest.IndexOf('=');
        if (rest.IsEmpty || rest[0] != ';' || equals < 0)
        {
            return null;
        }

        string key = rest[1..equals].Trim().ToString().ToLowerInvariant();
        rest = rest[(equals + 1)..].TrimStart();
        if (rest is ['"', ..])
        {
            return Quoted(ref rest) is { } quoted ? KeyValuePair.Create(key, quoted) : null;
        }

        int end = rest.IndexOf(';');
        string value = (end < 0 ? rest : rest[..end]).Trim().ToString();
        rest = end < 0 ? [] : rest[end..];
        return IsToken(key) ? KeyValuePair.Create(key, value) : null;
    }

    private static string? Quoted(ref ReadOnlySpan<char> rest)
    {
        var text = new StringBuilder();
        for (int i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                rest = rest[(i + 1)..];
                return text.ToString();
            }

            text.Append(rest[i] == '\\' && i + 1 < rest.Length ? rest[++i] : rest[i]);
        }

        return null;
    }

    private static bool IsToken(string value) => value.Length > 0 && value.All(static c => char.IsAsciiLetterOrDigit(c) || "-.!%*_+`'~".Contains(c, StringComparison.Ordinal));
}
