// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;

namespace Isthmus.Bodies;

/// <summary>An element whose end has not been read.</summary>
/// <param name="written">Where its name stands in the document, which its end must repeat.</param>
/// <param name="ns">Its namespace.</param>
/// <param name="name">Its name without a prefix.</param>
/// <param name="attributes">Its attributes.</param>
internal sealed class MarkupInReading(Range written, string ns, string name, ImmutableArray<MarkupAttribute> attributes)
{
    private StringBuilder? _more;

    public Range Written => written;

    /// <summary>The text so far, or its first piece; null while there is nothing but white space.</summary>
    public string? Text { get; private set; }

    public ImmutableArray<MarkupElement>.Builder Children => field ??= ImmutableArray.CreateBuilder<MarkupElement>();

    public void Add(string text)
    {
        if (Text is null)
        {
            Text = text;
        }
        else
        {
            _more ??= new StringBuilder(Text);
            _more.Append(text);
        }
    }

    public MarkupElement ToElement() => new(ns, name)
    {
        Attributes = attributes,
        Children = Children.DrainToImmutable(),
        Text = (_more?.ToString() ?? Text)?.Trim(' ', '\t', '\r', '\n') ?? "",
    };
}
