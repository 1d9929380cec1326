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
    private const int FewChildren = 4;

    private StringBuilder? _more;
    private ImmutableArray<MarkupElement>.Builder? _children;

    public Range Written => written;

    /// <summary>The text so far, or its first piece; null while there is nothing but white space.</summary>
    public string? Text { get; private set; }

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

    public void Add(MarkupElement child) => (_children ??= ImmutableArray.CreateBuilder<MarkupElement>(FewChildren)).Add(child);

    public MarkupElement ToElement() => new(ns, name)
    {
        Attributes = attributes,
        Children = _children?.DrainToImmutable() ?? [],
        Text = (_more?.ToString() ?? Text)?.Trim(' ', '\t', '\r', '\n') ?? "",
    };
}
