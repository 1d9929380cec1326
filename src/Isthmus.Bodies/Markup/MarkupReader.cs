// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Xml;

namespace Isthmus.Bodies;

/// <summary>
/// Reads an XML document into elements. A document comes from anybody: none with a DTD is read, so there are no entities to expand and nothing to fetch, and
/// size, depth and number of elements are bounded.
/// </summary>
internal static class MarkupReader
{
    public static bool TryRead(ReadOnlySpan<byte> body, BodyLimits limits, [NotNullWhen(true)] out MarkupElement? root, [NotNullWhen(false)] out BodyFault? fault)
    {
        root = null;
        fault = null;
        if (body.Length > limits.MaxBytes)
        {
            fault = new(0, "the body is larger than allowed");
            return false;
        }

        using var reader = XmlReader.Create(new MemoryStream(body.ToArray(), writable: false), Settings(limits));
        try
        {
            fault = Read(reader, limits, out root);
        }
        catch (XmlException problem)
        {
            fault = new(problem.LineNumber, problem.Message.Contains("DTD", StringComparison.Ordinal) ? "a document type is not allowed" : "this is not XML");
        }

        root = fault is null ? root : null;
        return root is not null;
    }

    // Entities are refused together with the DTD that would declare them; the bound is for what the reader itself might add one day.
    private static XmlReaderSettings Settings(BodyLimits limits) => new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        MaxCharactersInDocument = limits.MaxBytes,
        MaxCharactersFromEntities = 1,
    };

    private static BodyFault? Read(XmlReader reader, BodyLimits limits, out MarkupElement? root)
    {
        root = null;
        var open = new Stack<MarkupInReading>();
        int elements = 0;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    elements += 1 + reader.AttributeCount;
                    if (elements > limits.MaxElements || open.Count >= limits.MaxDepth)
                    {
                        return new(LineOf(reader), elements > limits.MaxElements ? "there are more elements than allowed" : "elements lie deeper than allowed");
                    }

                    open.Push(new(reader));
                    if (reader.IsEmptyElement)
                    {
                        root = Close(open);
                    }

                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace when open.Count > 0:
                    open.Peek().Text.Append(reader.Value);
                    break;
                case XmlNodeType.EndElement:
                    root = Close(open);
                    break;
                default:
                    break;
            }
        }

        return root is null ? new(0, "there is no element") : null;
    }

    private static MarkupElement Close(Stack<MarkupInReading> open)
    {
        var element = open.Pop().ToElement();
        if (open.TryPeek(out var parent))
        {
            parent.Children.Add(element);
        }

        return element;
    }

    private static int LineOf(XmlReader reader) => (reader as IXmlLineInfo)?.LineNumber ?? 0;
}
