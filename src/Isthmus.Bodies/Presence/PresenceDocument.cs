// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Bodies;

/// <summary>
/// What is known of a user's presence (RFC 3863), with persons and devices of the data model (RFC 4479) and what persons do (RFC 4480). What else a document
/// holds is kept and written back. Two documents say the same when <see cref="ToBytes"/> of both is the same.
/// </summary>
/// <param name="Entity">Whose presence it is, a URI.</param>
public sealed record PresenceDocument(string Entity) : IMarkupDocument<PresenceDocument>
{
    /// <summary>The media type of a presence document in a message.</summary>
    public static string ContentType => "application/pidf+xml";

    /// <summary>The ways to reach the user.</summary>
    public ImmutableArray<PresenceTuple> Tuples { get; init; } = [];

    /// <summary>The user as a person; phones write one at most.</summary>
    public ImmutableArray<PresencePerson> Persons { get; init; } = [];

    /// <summary>The user's devices.</summary>
    public ImmutableArray<PresenceDevice> Devices { get; init; } = [];

    /// <summary>What the user says, whatever the tuple.</summary>
    public ImmutableArray<PresenceNote> Notes { get; init; } = [];

    /// <summary>What else stands in the document.</summary>
    public ImmutableArray<MarkupElement> Extensions { get; init; } = [];

    /// <summary>Whether any tuple is open.</summary>
    public bool IsOpen => Tuples.Any(static tuple => tuple.Basic == BasicStatus.Open);

    /// <summary>What the document comes down to: offline when nothing is open, else the activity of a person that speaks most against a call.</summary>
    public Availability Availability => IsOpen
        ? Persons.SelectMany(static person => person.Activities).Select(static activity => activity.Means).Append(Availability.Online).Max()
        : Availability.Offline;

    /// <summary>The first note: of a person, else of the document, else of a tuple; null when there is none.</summary>
    public string? Note => Persons.SelectMany(static person => person.Notes)
        .Concat(Notes)
        .Concat(Tuples.SelectMany(static tuple => tuple.Notes))
        .FirstOrDefault(static note => note.Text.Length > 0)?.Text;

    /// <summary>What a phone with one user publishes.</summary>
    /// <param name="entity">Whose presence it is, a URI.</param>
    /// <param name="availability">How the user is to be seen.</param>
    /// <param name="note">Some words; null for none.</param>
    /// <param name="contact">Where the user is reached; the entity when null.</param>
    /// <param name="timestamp">Since when; null leaves it out.</param>
    public static PresenceDocument Of(string entity, Availability availability, string? note = null, string? contact = null, DateTimeOffset? timestamp = null) => new(entity)
    {
        Tuples =
        [
            new("t1")
            {
                Basic = availability == Availability.Offline ? BasicStatus.Closed : BasicStatus.Open,
                Contact = contact ?? entity,
                Timestamp = timestamp,
            },
        ],
        Persons = availability is Availability.Offline or Availability.Online && note is null
            ? []
            : [new("p1") { Activities = Activities(availability), Notes = note is null ? [] : [new(note)], Timestamp = timestamp }],
    };

    /// <summary>
    /// What is said of a user of whom nothing is known: nobody has published, or the watcher may not know. Always the same octets for the same entity, so that
    /// one cannot be told from the other.
    /// </summary>
    public static PresenceDocument Closed(string entity) => Of(entity, Availability.Offline);

    /// <summary>Reads a body. Never throws: what cannot be read gives a fault. A document with a DTD is refused.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out PresenceDocument? document, [NotNullWhen(false)] out BodyFault? fault, BodyLimits? limits = null) =>
        MarkupDocument.TryParse(body, limits, out document, out fault);

    /// <summary>Writes the document as UTF-8.</summary>
    public void WriteTo(IBufferWriter<byte> output) => MarkupDocument.Write(this, output);

    /// <summary>The octets for a message's body.</summary>
    public byte[] ToBytes() => MarkupDocument.Octets(this);

    static PresenceDocument? IMarkupDocument<PresenceDocument>.Read(MarkupElement root, out BodyFault? fault) => PresenceReader.Read(root, out fault);

    void IMarkupDocument<PresenceDocument>.Write(ref MarkupWriter writer) => PresenceWriter.Write(this, ref writer);

    private static ImmutableArray<PresenceActivity> Activities(Availability availability) => availability switch
    {
        Availability.Away => [PresenceActivity.Away],
        Availability.Busy => [PresenceActivity.Busy],
        Availability.OnThePhone => [PresenceActivity.OnThePhone],
        _ => [],
    };
}
