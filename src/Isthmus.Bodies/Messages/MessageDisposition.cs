// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Bodies;

/// <summary>What became of a message (IMDN, RFC 5438): it was delivered, processed on the way, or shown.</summary>
/// <param name="MessageId">The message, by the id that its sender gave it.</param>
/// <param name="Kind">Which stage this speaks of.</param>
/// <param name="Status">How that went, as in <c>delivered</c>, <c>displayed</c>, <c>failed</c>, <c>forbidden</c>, <c>error</c>.</param>
public sealed record MessageDisposition(string MessageId, DispositionKind Kind, string Status) : IMarkupDocument<MessageDisposition>
{
    private const string Namespace = "urn:ietf:params:xml:ns:imdn";

    private static readonly Words<DispositionKind> Kinds = new(
        (DispositionKind.Delivery, "delivery-notification"), (DispositionKind.Processing, "processing-notification"), (DispositionKind.Display, "display-notification"));

    /// <summary>The media type of such a body in a message.</summary>
    public static string ContentType => "message/imdn+xml";

    /// <summary>When the message was sent; null when not said.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Whom it was for, a URI; null when not said.</summary>
    public string? Recipient { get; init; }

    /// <summary>Reads a body. Never throws: what cannot be read gives a fault.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out MessageDisposition? disposition, [NotNullWhen(false)] out BodyFault? fault, BodyLimits? limits = null) =>
        MarkupDocument.TryParse(body, limits, out disposition, out fault);

    /// <summary>Writes it as UTF-8.</summary>
    public void WriteTo(IBufferWriter<byte> output) => MarkupDocument.Write(this, output);

    /// <summary>The octets for a message's body.</summary>
    public byte[] ToBytes() => MarkupDocument.Octets(this);

    static MessageDisposition? IMarkupDocument<MessageDisposition>.Read(MarkupElement root, out BodyFault? fault)
    {
        string? id = root.TextOf(Namespace, "message-id");
        var stage = root.Children.FirstOrDefault(static child => child.Namespace == Namespace && Kinds.Value(child.Name) is not null);
        string? status = stage?.Child(Namespace, "status")?.Children.FirstOrDefault()?.Name;
        fault = MarkupDocument.WrongRoot(root, Namespace, "imdn", "a disposition of a message")
            ?? (id is null || status is null ? new(0, "the message or its disposition is missing") : null);
        return fault is not null ? null : new(id!, Kinds.Value(stage!.Name)!.Value, status!)
        {
            SentAt = MarkupText.Moment(root.TextOf(Namespace, "datetime")),
            Recipient = root.TextOf(Namespace, "recipient-uri"),
        };
    }

    void IMarkupDocument<MessageDisposition>.Write(ref MarkupWriter writer)
    {
        byte[] stage = System.Text.Encoding.UTF8.GetBytes(Kinds.Word(Kind));
        byte[] status = System.Text.Encoding.UTF8.GetBytes(Status);
        writer.Begin("imdn"u8);
        writer.Attribute("xmlns"u8, Namespace);
        writer.Element("message-id"u8, MessageId);
        writer.Element("datetime"u8, MarkupText.Moment(SentAt));
        writer.Element("recipient-uri"u8, Recipient);
        writer.Begin(stage);
        writer.Begin("status"u8);
        writer.Begin(status);
        writer.End(status);
        writer.End("status"u8);
        writer.End(stage);
        writer.End("imdn"u8);
    }
}
