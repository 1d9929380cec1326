// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Bodies;

/// <summary>
/// What stands first in a notification for a list of resources (RFC 4662 §5): which resources there are, how the subscription to each stands, and which
/// part of the notification is the state of which.
/// </summary>
/// <param name="Uri">The list.</param>
/// <param name="Version">Counts the documents of one subscription, from 0. Null: not known; it is written as an empty attribute for whoever fills it in.</param>
/// <param name="IsFull">Whether every resource is named; else only those that have changed.</param>
public sealed record ResourceListInfo(string Uri, int? Version, bool IsFull) : IMarkupDocument<ResourceListInfo>
{
    internal const string Namespace = "urn:ietf:params:xml:ns:rlmi";

    /// <summary>The media type of such a document.</summary>
    public static string ContentType => "application/rlmi+xml";

    /// <summary>The name of the list; null when not said.</summary>
    public string? Name { get; init; }

    /// <summary>The resources.</summary>
    public ImmutableArray<ListedResource> Resources { get; init; } = [];

    /// <summary>Reads a body. Never throws: what cannot be read gives a fault.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out ResourceListInfo? info, [NotNullWhen(false)] out BodyFault? fault, BodyLimits? limits = null) =>
        MarkupDocument.TryParse(body, limits, out info, out fault);

    /// <summary>Writes the document as UTF-8.</summary>
    public void WriteTo(IBufferWriter<byte> output) => MarkupDocument.Write(this, output);

    /// <summary>The octets of the document.</summary>
    public byte[] ToBytes() => MarkupDocument.Octets(this);

    static ResourceListInfo? IMarkupDocument<ResourceListInfo>.Read(MarkupElement root, out BodyFault? fault)
    {
        int? version = MarkupText.Number(root.Attribute("version"));
        bool? full = MarkupText.Truth(root.Attribute("fullState"));
        fault = MarkupDocument.WrongRoot(root, Namespace, "list", "an rlmi document")
            ?? (version is null || full is null ? new(0, "the version or whether the state is full cannot be read") : null);
        return fault is not null ? null : new(root.Attribute("uri") ?? "", version, full!.Value)
        {
            Name = root.TextOf(Namespace, "name"),
            Resources = [.. root.ChildrenOf(Namespace, "resource").Select(ListedResource.Read)],
        };
    }

    void IMarkupDocument<ResourceListInfo>.Write(ref MarkupWriter writer)
    {
        writer.Begin("list"u8);
        writer.Attribute("xmlns"u8, Namespace);
        writer.Attribute("uri"u8, Uri);
        writer.Version(Version);
        writer.Attribute("fullState"u8, IsFull ? "true"u8 : "false"u8);
        writer.Element("name"u8, Name);
        foreach (var resource in Resources)
        {
            resource.Write(ref writer);
        }

        writer.End("list"u8);
    }
}
