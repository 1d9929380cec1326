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
        var walk = new ParameterWalk(text);
        while (walk.MoveNext())
        {
            (items ??= new(4)).Add(new(Characters.Text(walk.Name), walk.Place.HasValue ? QuotedString.Content(walk.Value) : null));
            if (items.Count > Most)
            {
                return false;
            }
        }

        if (!walk.IsWhole)
        {
            return false;
        }

        parameters = items is null ? default : new SipParameters(items.ToArray());
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
