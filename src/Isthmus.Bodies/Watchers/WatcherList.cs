// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Isthmus.Bodies;

/// <summary>Who watches one resource.</summary>
/// <param name="Resource">What is watched, a URI.</param>
/// <param name="Package">By which event package, as in <c>presence</c>.</param>
public sealed record WatcherList(string Resource, string Package)
{
    // RFC 3858 has no word for it, but a place for words of others, behind the watchers.
    private const string OurNamespace = "urn:isthmus:watcherinfo";

    /// <summary>The watchers.</summary>
    public ImmutableArray<Watcher> Watchers { get; init; } = [];

    /// <summary>How many there are besides, for whom there was no room; 0 when nothing is said of that, as by all but us.</summary>
    public int LeftOut { get; init; }

    internal static WatcherList Read(MarkupElement element) => new(element.Attribute("resource") ?? "", element.Attribute("package") ?? "")
    {
        Watchers = [.. element.ChildrenOf(WatcherInfo.Namespace, "watcher").Select(Watcher.Read)],
        LeftOut = MarkupText.Number(element.TextOf(OurNamespace, "left-out")) ?? 0,
    };

    internal void Write(ref MarkupWriter writer)
    {
        writer.Begin("watcher-list"u8);
        writer.Attribute("resource"u8, Resource);
        writer.Attribute("package"u8, Package);
        foreach (var watcher in Watchers)
        {
            watcher.Write(ref writer);
        }

        if (LeftOut > 0)
        {
            writer.Begin("left-out"u8);
            writer.Attribute("xmlns"u8, OurNamespace);
            writer.Text(LeftOut.ToString(System.Globalization.CultureInfo.InvariantCulture));
            writer.End("left-out"u8);
        }

        writer.End("watcher-list"u8);
    }
}
