// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using System.Xml;

namespace Isthmus.Bodies;

/// <summary>An element whose end has not been read.</summary>
internal sealed class MarkupInReading
{
    private const string OfDeclarations = "http://www.w3.org/2000/xmlns/";

    private readonly string _namespace;
    private readonly string _name;
    private readonly ImmutableArray<MarkupAttribute> _attributes;

    public MarkupInReading(XmlReader reader)
    {
        (_namespace, _name) = (reader.NamespaceURI, reader.LocalName);
        var attributes = ImmutableArray.CreateBuilder<MarkupAttribute>(reader.AttributeCount);
        while (reader.MoveToNextAttribute())
        {
            if (reader.NamespaceURI != OfDeclarations)
            {
                attributes.Add(new(reader.NamespaceURI, reader.LocalName, reader.Value));
            }
        }

        reader.MoveToElement();
        _attributes = attributes.DrainToImmutable();
    }

    public StringBuilder Text { get; } = new();

    public ImmutableArray<MarkupElement>.Builder Children { get; } = ImmutableArray.CreateBuilder<MarkupElement>();

    public MarkupElement ToElement() => new(_namespace, _name) { Attributes = _attributes, Children = Children.DrainToImmutable(), Text = Text.ToString().Trim() };
}
