// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Bodies;

/// <summary>The calls that a user is in (RFC 4235).</summary>
/// <param name="Version">Counts the documents of one subscription, from 0. Null: not known; it is written as an empty attribute for whoever fills it in.</param>
/// <param name="IsFull">Whether this is all; else only what has changed.</param>
/// <param name="Entity">Whose calls they are, a URI.</param>
public sealed record DialogInfo(int? Version, bool IsFull, string Entity) : IMarkupDocument<DialogInfo>
{
    internal const string Namespace = "urn:ietf:params:xml:ns:dialog-info";

    /// <summary>The media type of such a document in a message.</summary>
    public static string ContentType => "application/dialog-info+xml";

    /// <summary>The calls.</summary>
    public ImmutableArray<DialogState> Dialogs { get; init; } = [];

    /// <summary>Reads a body. Never throws: what cannot be read gives a fault.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out DialogInfo? info, [NotNullWhen(false)] out BodyFault? fault, BodyLimits? limits = null) =>
        MarkupDocument.TryParse(body, limits, out info, out fault);

    /// <summary>Makes one document of what several phones of a user say: all calls, each under an id of its own.</summary>
    /// <param name="entity">The user, a URI.</param>
    /// <param name="parts">What the phones say; calls that have ended are left out.</param>
    public static DialogInfo Compose(string entity, IEnumerable<DialogInfo> parts)
    {
        var ids = new UniqueIds();
        return new(null, IsFull: true, entity)
        {
            Dialogs =
            [
                .. parts.SelectMany(static part => part.Dialogs)
                    .Where(static dialog => dialog.Phase != DialogPhase.Terminated)
                    .Select(dialog => dialog with { Id = ids.Take(dialog.Id) }),
            ],
        };
    }

    /// <summary>Writes the document as UTF-8.</summary>
    public void WriteTo(IBufferWriter<byte> output) => MarkupDocument.Write(this, output);

    /// <summary>The octets for a message's body.</summary>
    public byte[] ToBytes() => MarkupDocument.Octets(this);

    static DialogInfo? IMarkupDocument<DialogInfo>.Read(MarkupElement root, out BodyFault? fault)
    {
        string? entity = root.Attribute("entity");
        fault = MarkupDocument.WrongRoot(root, Namespace, "dialog-info", "a dialog-info document") ?? (entity is { Length: > 0 } ? null : new(0, "the entity is missing"));
        return fault is not null ? null : new(MarkupText.Number(root.Attribute("version")), root.Attribute("state") == "full", entity!)
        {
            Dialogs = [.. root.ChildrenOf(Namespace, "dialog").Select(DialogState.Read)],
        };
    }

    void IMarkupDocument<DialogInfo>.Write(ref MarkupWriter writer)
    {
        writer.Begin("dialog-info"u8);
        writer.Attribute("xmlns"u8, Namespace);
        writer.Version(Version);
        writer.Attribute("state"u8, IsFull ? "full"u8 : "partial"u8);
        writer.Attribute("entity"u8, Entity);
        foreach (var dialog in Dialogs)
        {
            dialog.Write(ref writer);
        }

        writer.End("dialog-info"u8);
    }
}
