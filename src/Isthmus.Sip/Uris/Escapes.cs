// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace Isthmus.Sip;

/// <summary>The percent escapes of URIs (RFC 3261 §19.1.2).</summary>
internal static class Escapes
{
    /// <summary>The text with each escape replaced by its octet, once.</summary>
    public static string Decode(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf((byte)'%') < 0)
        {
            return Characters.Text(text);
        }

        var target = new byte[text.Length];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && Convert.FromHexString(text.Slice(i + 1, 2), target.AsSpan(length), out _, out _) == OperationStatus.Done)
            {
                length++;
                i += 2;
                continue;
            }

            target[length++] = text[i];
        }

        return Characters.Text(target.AsSpan(0, length));
    }

    /// <summary>The text with every octet outside <paramref name="allowed"/> escaped; a percent sign is always escaped.</summary>
    public static string Encode(string text, SearchValues<byte> allowed)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (!bytes.AsSpan().ContainsAnyExcept(allowed) && !bytes.AsSpan().Contains((byte)'%'))
        {
            return text;
        }

        var target = new StringBuilder(bytes.Length * 2);
        foreach (byte b in bytes)
        {
            if (b != '%' && allowed.Contains(b))
            {
                target.Append((char)b);
            }
            else
            {
                target.Append('%').Append(Convert.ToHexString([b]));
            }
        }

        return target.ToString();
    }
}
