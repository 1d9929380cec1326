// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Isthmus.Sip;

/// <summary>One value of Warning (RFC 3261 §20.43).</summary>
/// <param name="Code">The warn-code, 100 to 999.</param>
/// <param name="Agent">Who warns: a host, a host and port, or a token.</param>
/// <param name="Text">The warn-text, without quotes.</param>
public readonly record struct Warning(int Code, string Agent, string Text)
{
    private const int CodeLength = 3;

    /// <summary>Reads <c>code agent "text"</c>; a text without quotes is taken as it is, a missing one is empty.</summary>
    public static bool TryParse(string value, out Warning warning)
    {
        warning = default;
        ReadOnlySpan<char> rest = value.AsSpan().Trim();
        if (rest.Length <= CodeLength || rest[CodeLength] != ' ' || !int.TryParse(rest[..CodeLength], NumberStyles.None, CultureInfo.InvariantCulture, out int code))
        {
            return false;
        }

        rest = rest[CodeLength..].TrimStart();
        int end = rest.IndexOf(' ');
        string agent = (end < 0 ? rest : rest[..end]).ToString();
        byte[] text = end < 0 ? [] : Encoding.UTF8.GetBytes(rest[end..].Trim().ToString());
        int quoted = text is [(byte)'"', ..] ? QuotedString.Length(text) : 0;
        warning = new(code, agent, QuotedString.Content(quoted > 0 ? text.AsSpan(0, quoted) : text.AsSpan().TrimStart((byte)'"')));
        return true;
    }

    /// <summary>The value as it is written.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Code} {Agent} {QuotedString.Quote(Text)}");
}
