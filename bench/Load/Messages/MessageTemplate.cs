// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;

namespace Isthmus.Load;

/// <summary>
/// A message as bytes with places of fixed width that differ between calls: <c>{caller}</c>, <c>{callee}</c> (users, 7 digits), <c>{caller-net}</c>,
/// <c>{callee-net}</c> (the last octets of their addresses), <c>{call}</c> (16 hexadecimal digits), <c>{cseq}</c> (9 digits), and at most one <c>{insert}</c>
/// of any length.
/// </summary>
internal sealed partial class MessageTemplate
{
    private readonly byte[] _bytes;
    private readonly (TemplateField Field, int At)[] _places;
    private readonly int _insertAt;

    /// <param name="text">With the names in braces; line ends may be <c>\n</c>. <c>{length}</c> becomes the length of the body.</param>
    /// <exception cref="FormatException">There is a name that means nothing.</exception>
    public MessageTemplate(string text)
    {
        text = text.ReplaceLineEndings("\r\n");
        int body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        text = text.Replace("{length}", LengthOf(text[body..]).ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

        var places = new List<(TemplateField, int)>();
        var plain = new StringBuilder();
        int from = 0;
        _insertAt = -1;
        foreach (Match match in Place().Matches(text))
        {
            plain.Append(text, from, match.Index - from);
            from = match.Index + match.Length;
            if (match.Groups[1].Value == "insert")
            {
                _insertAt = plain.Length;
                continue;
            }

            TemplateField field = Named(match);
            places.Add((field, plain.Length));
            plain.Append('0', WidthOf(field));
        }

        plain.Append(text, from, text.Length - from);
        _bytes = Encoding.ASCII.GetBytes(plain.ToString());
        _places = [.. places];
    }

    /// <summary>Bytes without an insertion.</summary>
    public int Length => _bytes.Length;

    /// <summary>Writes the message of a call.</summary>
    /// <returns>Its length.</returns>
    public int Write(Span<byte> target, in CallFields fields, ReadOnlySpan<byte> insert = default)
    {
        int gap = insert.Length;
        if (_insertAt < 0 || gap == 0)
        {
            _bytes.CopyTo(target);
            gap = 0;
        }
        else
        {
            _bytes.AsSpan(0, _insertAt).CopyTo(target);
            insert.CopyTo(target[_insertAt..]);
            _bytes.AsSpan(_insertAt).CopyTo(target[(_insertAt + gap)..]);
        }

        foreach ((TemplateField field, int at) in _places)
        {
            Span<byte> place = target[(at < _insertAt ? at : at + gap)..];
            switch (field)
            {
                case TemplateField.Caller:
                    Utf8Formatter.TryFormat(fields.Caller, place, out _, new('D', 7));
                    break;
                case TemplateField.Callee:
                    Utf8Formatter.TryFormat(fields.Callee, place, out _, new('D', 7));
                    break;
                case TemplateField.CallerNet:
                    fields.CallerAddresses.WriteNet(fields.Caller, place);
                    break;
                case TemplateField.CalleeNet:
                    fields.CalleeAddresses.WriteNet(fields.Callee, place);
                    break;
                case TemplateField.Call:
                    Utf8Formatter.TryFormat(fields.Call, place, out _, new('x', CallNumber.Digits));
                    break;
                default:
                    Utf8Formatter.TryFormat(fields.Sequence, place, out _, new('D', 9));
                    break;
            }
        }

        return _bytes.Length + gap;
    }

    private static int LengthOf(string body) => Encoding.UTF8.GetByteCount(Place().Replace(body, match => new string('0', WidthOf(Named(match)))));

    private static TemplateField Named(Match match) => match.Groups[1].Value switch
    {
        "caller" => TemplateField.Caller,
        "callee" => TemplateField.Callee,
        "caller-net" => TemplateField.CallerNet,
        "callee-net" => TemplateField.CalleeNet,
        "call" => TemplateField.Call,
        "cseq" => TemplateField.Sequence,
        var unknown => throw new FormatException($"A template has no field '{unknown}'."),
    };

    private static int WidthOf(TemplateField field) => field switch
    {
        TemplateField.Caller or TemplateField.Callee or TemplateField.CallerNet or TemplateField.CalleeNet => 7,
        TemplateField.Call => CallNumber.Digits,
        _ => 9,
    };

    [GeneratedRegex(@"\{([a-z-]+)\}")]
    private static partial Regex Place();

    private enum TemplateField
    {
        Caller,
        Callee,
        CallerNet,
        CalleeNet,
        Call,
        Sequence,
    }
}
