// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Bodies;

/// <summary>What is registered for a user (RFC 3680).</summary>
/// <param name="Version">Counts the documents of one subscription, from 0. Null: not known; it is written as an empty attribute for whoever fills it in.</param>
/// <param name="IsFull">Whether this is all; else only what has changed.</param>
public sealed record RegistrationInfo(int? Version, bool IsFull) : IMarkupDocument<RegistrationInfo>
{
    internal const string Namespace = "urn:ietf:params:xml:ns:reginfo";

    /// <summary>The media type of such a document in a message.</summary>
    public static string ContentType => "application/reginfo+xml";

    /// <summary>The users and what is registered for them.</summary>
    public ImmutableArray<Registration> Registrations { get; init; } = [];

    /// <summary>Reads a body. Never throws: what cannot be read gives a fault.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out RegistrationInfo? info, [NotNullWhen(false)] out BodyFault? fault, BodyLimits? limits = null) =>
        MarkupDocument.TryParse(body, limits, out info, out fault);

    /// <summary>Writes the document as UTF-8.</summary>
    public void WriteTo(IBufferWriter<byte> output) => MarkupDocument.Write(this, output);

    /// <summary>The octets for a message's body.</summary>
    public byte[] ToBytes() => MarkupDocument.Octets(this);

    static RegistrationInfo? IMarkupDocument<RegistrationInfo>.Read(MarkupElement root, out BodyFault? fault)
    {
        fault = MarkupDocument.WrongRoot(root, Namespace, "reginfo", "a reginfo document");
        return fault is not null ? null : new(MarkupText.Number(root.Attribute("version")), root.Attribute("state") == "full")
        {
            Registrations = [.. root.ChildrenOf(Namespace, "registration").Select(Registration.Read)],
        };
    }

    void IMarkupDocument<RegistrationInfo>.Write(ref MarkupWriter writer)
    {
        writer.Begin("reginfo"u8);
        writer.Attribute("xmlns"u8, Namespace);
        writer.Version(Version);
        writer.Attribute("state"u8, IsFull ? "full"u8 : "partial"u8);
        foreach (var registration in Registrations)
        {
            registration.Write(ref writer);
        }

        writer.End("reginfo"u8);
    }
}
