// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Bodies;

/// <summary>A list of resources as a phone sends it with a SUBSCRIBE (RFC 4826, RFC 5367). Lists within lists are read as one.</summary>
/// <param name="Entries">The resources in their order.</param>
public sealed record ResourceList(ImmutableArray<ResourceListEntry> Entries) : IMarkupDocument<ResourceList>
{
    private const string Namespace = "urn:ietf:params:xml:ns:resource-lists";

    /// <summary>The media type of such a document in a message.</summary>
    public static string ContentType => "application/resource-lists+xml";

    /// <summary>Reads a body. Never throws: what cannot be read gives a fault. References to entries kept elsewhere are passed over.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out ResourceList? list, [NotNullWhen(false)] out BodyFault? fault, BodyLimits? limits = null) =>
        MarkupDocument.TryParse(body, limits, out list, out fault);

    /// <summary>Writes the document as UTF-8.</summary>
    public void WriteTo(IBufferWriter<byte> output) => MarkupDocument.Write(this, output);

    /// <summary>The octets for a message's body.</summary>
    public byte[] ToBytes() => MarkupDocument.Octets(this);

    static ResourceList? IMarkupDocument<ResourceList>.Read(MarkupElement root, out BodyFault? fault)
    {
        fault = MarkupDocument.WrongRoot(root, Namespace, "resource-lists", "a resource-lists document");
        return fault is not null ? null : new([.. EntriesOf(root)]);
    }

    void IMarkupDocument<ResourceList>.Write(ref MarkupWriter writer)
    {
        writer.Begin("resource-lists"u8);
        writer.Attribute("xmlns"u8, Namespace);
        writer.Begin("list"u8);
        foreach (var entry in Entries)
        {
            writer.Begin("entry"u8);
            writer.Attribute("uri"u8, entry.Uri);
            writer.Element("display-name"u8, entry.DisplayName);
            writer.End("entry"u8);
        }

        writer.End("list"u8);
        writer.End("resource-lists"u8);
    }

    // Not deeper than the reader allows.
    private static IEnumerable<ResourceListEntry> EntriesOf(MarkupElement element) => element.Children.SelectMany(static child =>
        child.Is(Namespace, "list") ? EntriesOf(child)
        : child.Is(Namespace, "entry") && child.Attribute("uri") is { Length: > 0 } uri ? [new(uri, child.TextOf(Namespace, "display-name"))]
        : []);
}
