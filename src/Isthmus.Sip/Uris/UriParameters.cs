// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Sip;

/// <summary>uri-parameters (RFC 3261 §25.1): escaped where header parameters are quoted, and without white space.</summary>
internal static class UriParameters
{
    /// <summary>Whether the text is *( ";" uri-parameter ); makes nothing.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> text)
    {
        for (int count = 1; TryNext(ref text, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value, out bool hasValue); count++)
        {
            if (count > SipParameters.Most || !IsPart(name) || (hasValue && !IsPart(value)))
            {
                return false;
            }
        }

        return text.IsEmpty;
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out SipParameters parameters)
    {
        parameters = default;
        if (!IsWellFormed(text))
        {
            return false;
        }

        var items = new List<KeyValuePair<string, string?>>();
        while (TryNext(ref text, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value, out bool hasValue))
        {
            items.Add(new(Escapes.Decode(name), hasValue ? Escapes.Decode(value) : null));
        }

        parameters = items.Count == 0 ? default : new SipParameters(items);
        return true;
    }

    public static void Append(StringBuilder target, SipParameters parameters)
    {
        foreach (var (name, value) in parameters)
        {
            target.Append(';').Append(Escapes.Encode(name, Characters.UriParameter));
            if (value is not null)
            {
                target.Append('=').Append(Escapes.Encode(value, Characters.UriParameter));
            }
        }
    }

    private static bool IsPart(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && !text.ContainsAnyExcept(Characters.UriParameter) && Characters.EscapesAreWhole(text);

    internal static bool TryNext(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value, out bool hasValue)
    {
        name = value = default;
        hasValue = false;
        if (rest.IsEmpty || rest[0] != ';')
        {
            return false;
        }

        rest = rest[1..];
        int end = rest.IndexOf((byte)';');
        var item = end < 0 ? rest : rest[..end];
        rest = rest[item.Length..];
        int equal = item.IndexOf((byte)'=');
        hasValue = equal >= 0;
        name = hasValue ? item[..equal] : item;
        value = hasValue ? item[(equal + 1)..] : default;
        return true;
    }
}
