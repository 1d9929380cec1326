// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Sip;

/// <summary>uri-parameters (RFC 3261 §25.1): escaped where header parameters are quoted, and without white space.</summary>
internal static class UriParameters
{
    /// <summary>Whether the text is *( ";" uri-parameter ); makes nothing.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> text) => Scan(text, 0) == text.Length;

    /// <summary>Where *( ";" uri-parameter ) ends; negative where a parameter has no name, an equal sign and no value, or where there are too many.</summary>
    public static int Scan(ReadOnlySpan<byte> text, int at)
    {
        for (int count = 0; Sip.Scan.Is(text, at, ';'); count++)
        {
            int start = at + 1;
            at = Sip.Scan.OverEscaped(text, start, Characters.UriParameter);
            if (at == start || count == SipParameters.Most)
            {
                return -1;
            }

            if (Sip.Scan.Is(text, at, '='))
            {
                start = at + 1;
                at = Sip.Scan.OverEscaped(text, start, Characters.UriParameter);
                if (at == start)
                {
                    return -1;
                }
            }
        }

        return at;
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
