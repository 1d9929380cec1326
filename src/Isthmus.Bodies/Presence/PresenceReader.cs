// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using static Isthmus.Bodies.PresenceNames;

namespace Isthmus.Bodies;

/// <summary>Makes a presence document of the elements that were read. Strict about whose presence it is, lenient about the rest: order, missing ids, what is unknown.</summary>
internal static class PresenceReader
{
    public static PresenceDocument? Read(MarkupElement root, out BodyFault? fault)
    {
        string? entity = root.Attribute("entity")?.Trim();
        fault = MarkupDocument.WrongRoot(root, Pidf, "presence", "a presence document") ?? (entity is { Length: > 0 } ? null : new(0, "the entity is missing"));
        return fault is not null ? null : new(entity!)
        {
            Tuples = root.Each(Pidf, "tuple", Tuple),
            Persons = root.Each(DataModel, "person", Person),
            Devices = root.Each(DataModel, "device", Device),
            Notes = NotesOf(root),
            Extensions = Rest(root, "tuple", "person", "device", "note"),
        };
    }

    private static PresenceTuple Tuple(MarkupElement element, int index)
    {
        var status = element.Child(Pidf, "status");
        var contact = element.Child(Pidf, "contact");
        return new(IdOf(element, 't', index))
        {
            Basic = status?.TextOf(Pidf, "basic")?.ToUpperInvariant() switch
            {
                "OPEN" => BasicStatus.Open,
                "CLOSED" => BasicStatus.Closed,
                _ => null,
            },
            Contact = contact is { Text.Length: > 0 } ? contact.Text : null,
            Priority = MarkupText.Preference(contact?.Attribute("priority")),
            Notes = NotesOf(element),
            Timestamp = TimestampOf(element),
            StatusExtensions = status is null ? [] : Rest(status, "basic"),
            Extensions = Rest(element, "status", "contact", "note", "timestamp"),
        };
    }

    private static PresencePerson Person(MarkupElement element, int index)
    {
        var activities = element.ChildrenOf(Rpid, "activities").ToList();
        return new(IdOf(element, 'p', index))
        {
            Activities = [.. activities.SelectMany(static list => list.Children).Where(static child => child.Namespace == Rpid && child.Name is not ("note" or "unknown")).Select(Activity)],
            Notes = [.. activities.SelectMany(NotesIn), .. NotesIn(element)],
            Timestamp = TimestampOf(element),
            Extensions = Rest(element, "activities", "note", "timestamp"),
        };
    }

    private static PresenceDevice Device(MarkupElement element, int index) => new(IdOf(element, 'd', index))
    {
        DeviceId = element.TextOf(DataModel, "deviceID"),
        Notes = NotesOf(element),
        Timestamp = TimestampOf(element),
        Extensions = Rest(element, "deviceID", "note", "timestamp"),
    };

    private static PresenceActivity Activity(MarkupElement element) => new(element.Name, element.Text.Length > 0 ? element.Text : null);

    private static ImmutableArray<PresenceNote> NotesOf(MarkupElement element) => element.Children.IsEmpty ? [] : [.. NotesIn(element)];

    private static IEnumerable<PresenceNote> NotesIn(MarkupElement element) => element.Children
        .Where(static child => child is { Name: "note", Namespace: Pidf or DataModel or Rpid, Text.Length: > 0 })
        .Select(static child => new PresenceNote(child.Text, child.Attribute(Xml, "lang")));

    // RFC 4479 has a timestamp of its own for persons and devices; some phones write that of PIDF.
    private static DateTimeOffset? TimestampOf(MarkupElement element) => MarkupText.Moment(element.TextOf(Pidf, "timestamp") ?? element.TextOf(DataModel, "timestamp"));

    private static string IdOf(MarkupElement element, char letter, int index) => element.Attribute("id")?.Trim() is { Length: > 0 } id ? id : $"{letter}{index + 1}";

    private static ImmutableArray<MarkupElement> Rest(MarkupElement element, params ReadOnlySpan<string> known)
    {
        ImmutableArray<MarkupElement>.Builder? rest = null;
        foreach (var child in element.Children)
        {
            if (child.Namespace is not (Pidf or DataModel or Rpid) || !known.Contains(child.Name))
            {
                (rest ??= ImmutableArray.CreateBuilder<MarkupElement>(1)).Add(child);
            }
        }

        return rest?.DrainToImmutable() ?? [];
    }
}
