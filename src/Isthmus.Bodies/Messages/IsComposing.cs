// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Bodies;

/// <summary>Whether somebody is writing a message just now (RFC 3994).</summary>
/// <param name="Active">Whether so; false when the message is sent or given up.</param>
public sealed record IsComposing(bool Active) : IMarkupDocument<IsComposing>
{
    private const string Namespace = "urn:ietf:params:xml:ns:im-iscomposing";

    /// <summary>The media type of such a body in a message.</summary>
    public static string ContentType => "application/im-iscomposing+xml";

    /// <summary>The media type of what is being written, as in <c>text/plain</c>; null when not said.</summary>
    public string? ComposedType { get; init; }

    /// <summary>When something was written last; null when not said.</summary>
    public DateTimeOffset? LastActive { get; init; }

    /// <summary>After how many seconds this is said again while writing goes on, 60 or more (RFC 3994 §3.4); null when not said.</summary>
    public int? RefreshSeconds { get; init; }

    /// <summary>Reads a body. Never throws: what cannot be read gives a fault.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out IsComposing? composing, [NotNullWhen(false)] out BodyFault? fault, BodyLimits? limits = null) =>
        MarkupDocument.TryParse(body, limits, out composing, out fault);

    /// <summary>Writes it as UTF-8.</summary>
    public void WriteTo(IBufferWriter<byte> output) => MarkupDocument.Write(this, output);

    /// <summary>The octets for a message's body.</summary>
    public byte[] ToBytes() => MarkupDocument.Octets(this);

    static IsComposing? IMarkupDocument<IsComposing>.Read(MarkupElement root, out BodyFault? fault)
    {
        // RFC 3994 §3.4: a state that is not known counts as idle.
        fault = MarkupDocument.WrongRoot(root, Namespace, "isComposing", "an is-composing document");
        return fault is not null ? null : new(root.TextOf(Namespace, "state") == "active")
        {
            ComposedType = root.TextOf(Namespace, "contenttype"),
            LastActive = MarkupText.Moment(root.TextOf(Namespace, "lastactive")),
            RefreshSeconds = MarkupText.Number(root.TextOf(Namespace, "refresh")),
        };
    }

    void IMarkupDocument<IsComposing>.Write(ref MarkupWriter writer)
    {
        writer.Begin("isComposing"u8);
        writer.Attribute("xmlns"u8, Namespace);
        writer.Element("state"u8, Active ? "active" : "idle");
        writer.Element("lastactive"u8, MarkupText.Moment(LastActive));
        writer.Element("contenttype"u8, ComposedType);
        writer.Element("refresh"u8, RefreshSeconds);
        writer.End("isComposing"u8);
    }
}
