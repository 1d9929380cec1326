// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Isthmus.Sip;

/// <summary>
/// The parameters of a header value or of a URI, in the order in which they were written. Names are compared without regard to
/// case; values are without their quotes or escapes. A parameter without a value has the value null.
/// </summary>
public readonly struct SipParameters : IReadOnlyCollection<KeyValuePair<string, string?>>
{
    /// <summary>How many are read: a value with more is malformed. They are compared each with each.</summary>
    internal const int Most = 128;

    private readonly KeyValuePair<string, string?>[]? _items;

    /// <summary>Parameters in the given order.</summary>
    public SipParameters(params IEnumerable<KeyValuePair<string, string?>> items) => _items = [.. items];

    private SipParameters(KeyValuePair<string, string?>[] items) => _items = items;

    /// <summary>How many there are.</summary>
    public int Count => Items.Length;

    private KeyValuePair<string, string?>[] Items => _items ?? [];

    /// <summary>Whether the parameter is present, and its value.</summary>
    public bool TryGet(string name, out string? value)
    {
        foreach (var (key, held) in Items)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = held;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>Whether the parameter is present.</summary>
    public bool Has(string name) => TryGet(name, out _);

    /// <summary>The parameter's value; null when it is absent or has none.</summary>
    public string? Get(string name) => TryGet(name, out string? value) ? value : null;

    /// <summary>The same parameters with this one set: in its old place, or last.</summary>
    public SipParameters With(string name, string? value)
    {
        var items = Items;
        int at = Array.FindIndex(items, item => item.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (at < 0)
        {
            return new SipParameters([.. items, new(name, value)]);
        }

        items = [.. items];
        items[at] = new(items[at].Key, value);
        return new SipParameters(items);
    }

    /// <summary>The same parameters without this one.</summary>
    public SipParameters Without(string name) =>
        Has(name) ? new SipParameters(Array.FindAll(Items, item => !item.Key.Equals(name, StringComparison.OrdinalIgnoreCase))) : this;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string?>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string?>>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether the text is *( SEMI name [ EQUAL value ] ), and what it holds when asked for.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, out SipParameters parameters)
    {
        parameters = default;
        List<KeyValuePair<string, string?>>? items = null;
        var rest = text;
        while (TryNext(ref rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value, out bool hasValue))
        {
            (items ??= new(4)).Add(new(Characters.Text(name), hasValue ? QuotedString.Content(value) : null));
            if (items.Count > Most)
            {
                return false;
            }
        }

        if (!rest.IsEmpty)
        {
            return false;
        }

        parameters = items is null ? default : new SipParameters(items.ToArray());
        return true;
    }

    /// <summary>Whether the text is well formed; makes nothing. The value of the parameter <paramref name="wanted"/> is reported, which must have one.</summary>
    internal static bool TryScan(ReadOnlySpan<byte> text, ReadOnlySpan<byte> wanted, out ReadOnlySpan<byte> found)
    {
        found = default;
        var rest = text;
        for (int count = 1; TryNext(ref rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value, out bool hasValue); count++)
        {
            bool isWanted = Ascii.EqualsIgnoreCase(name, wanted);
            if (count > Most || (isWanted && !hasValue))
            {
                return false;
            }

            if (isWanted && found.IsEmpty)
            {
                found = value;
            }
        }

        return rest.IsEmpty;
    }

    /// <summary>Takes one parameter off the front; at the end the rest is empty, at a fault it is not.</summary>
    internal static bool TryNext(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value, out bool hasValue)
    {
        name = value = default;
        hasValue = false;
        var text = Characters.Trim(rest);
        if (text.IsEmpty)
        {
            rest = default;
            return false;
        }

        rest = text;
        if (text[0] != ';')
        {
            return false;
        }

        text = Characters.Trim(text[1..]);
        int end = text.IndexOfAnyExcept(Characters.Token);
        name = end < 0 ? text : text[..end];
        text = Characters.Trim(text[name.Length..]);
        if (name.IsEmpty)
        {
            return false;
        }

        if (!text.IsEmpty && text[0] == '=')
        {
            hasValue = true;
            text = Characters.Trim(text[1..]);
            int length = !text.IsEmpty && text[0] == '"' ? QuotedString.Length(text) : text.IndexOfAnyExcept(Characters.ParameterValue);
            value = length < 0 && (text.IsEmpty || text[0] != '"') ? text : text[..Math.Max(length, 0)];
            if (value.IsEmpty)
            {
                return false;
            }

            text = text[value.Length..];
        }

        text = Characters.Trim(text);
        if (!text.IsEmpty && text[0] != ';')
        {
            return false;
        }

        rest = text;
        return true;
    }

    /// <summary><c>;name=value</c> for each, values quoted where they have to be.</summary>
    public override string ToString()
    {
        if (Count == 0)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var (name, value) in Items)
        {
            text.Append(';').Append(name);
            if (value is not null)
            {
                text.Append('=').Append(QuotedString.QuoteIfNeeded(value));
            }
        }

        return text.ToString();
    }
}
