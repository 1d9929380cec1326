// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Bodies;

/// <summary>Who watches a resource (RFC 3857, 3858).</summary>
/// <param name="Version">Counts the documents of one subscription, from 0. Null: not known; it is written as an empty attribute for whoever fills it in.</param>
/// <param name="IsFull">Whether this is all; else only what has changed.</param>
public sealed record WatcherInfo(int? Version, bool IsFull) : IMarkupDocument<WatcherInfo>
{
    internal const string Namespace = "urn:ietf:params:xml:ns:watcherinfo";

    /// <summary>The media type of such a document in a message.</summary>
    public static string ContentType => "application/watcherinfo+xml";

    /// <summary>The resources and those who watch them.</summary>
    public ImmutableArray<WatcherList> Lists { get; init; } = [];

    /// <summary>Reads a body. Never throws: what cannot be read gives a fault.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out WatcherInfo? info, [NotNullWhen(false)] out BodyFault? fault, BodyLimits? limits = null) =>
        MarkupDocument.TryParse(body, limits, out info, out fault);

    /// <summary>Writes the document as UTF-8.</summary>
    public void WriteTo(IBufferWriter<byte> output) => MarkupDocument.Write(this, output);

    /// <summary>The octets for a message's body.</summary>
    public byte[] ToBytes() => MarkupDocument.Octets(this);

    static WatcherInfo? IMarkupDocument<WatcherInfo>.Read(MarkupElement root, out BodyFault? fault)
    {
        fault = MarkupDocument.WrongRoot(root, Namespace, "watcherinfo", "a watcherinfo document");
        return fault is not null ? null : new(MarkupText.Number(root.Attribute("version")), root.Attribute("state") == "full")
        {
            Lists = [.. root.ChildrenOf(Namespace, "watcher-list").Select(WatcherList.Read)],
        };
    }

    void IMarkupDocument<WatcherInfo>.Write(ref MarkupWriter writer)
    {
        writer.Begin("watcherinfo"u8);
        writer.Attribute("xmlns"u8, Namespace);
        writer.Version(Version);
        writer.Attribute("state"u8, IsFull ? "full"u8 : "partial"u8);
        foreach (var list in Lists)
        {
            list.Write(ref writer);
        }

        writer.End("watcherinfo"u8);
    }
}
