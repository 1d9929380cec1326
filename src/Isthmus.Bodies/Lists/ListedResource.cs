// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Isthmus.Bodies;

/// <summary>A resource of a list (RFC 4662 §5.3).</summary>
/// <param name="Uri">The resource.</param>
public sealed record ListedResource(string Uri)
{
    /// <summary>Its name; null when not said.</summary>
    public string? Name { get; init; }

    /// <summary>The subscriptions to it, one as a rule; none when nothing is known of it yet.</summary>
    public ImmutableArray<ResourceInstance> Instances { get; init; } = [];

    internal static ListedResource Read(MarkupElement element) => new(element.Attribute("uri") ?? "")
    {
        Name = element.TextOf(ResourceListInfo.Namespace, "name"),
        Instances = [.. element.ChildrenOf(ResourceListInfo.Namespace, "instance").Select(ResourceInstance.Read)],
    };

    internal void Write(ref MarkupWriter writer)
    {
        writer.Begin("resource"u8);
        writer.Attribute("uri"u8, Uri);
        writer.Element("name"u8, Name);
        foreach (var instance in Instances)
        {
            instance.Write(ref writer);
        }

        writer.End("resource"u8);
    }
}
