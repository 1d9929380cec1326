// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Isthmus.Bodies;

/// <summary>
/// Makes one document of what several devices of a user say (RFC 3856 §6.11.2 calls it composition). All tuples stay, since each is a way to reach the user; open
/// ones come first, since some phones read only the first. A user is one person: the newest open document that speaks of a person decides what that person
/// does, so that a desk phone left alone does not contradict the one in the user's hand.
/// </summary>
public static class PresenceComposition
{
    /// <summary>Composes the documents of one user.</summary>
    /// <param name="entity">The user's URI, which the result bears whatever the documents say.</param>
    /// <param name="newestFirst">The documents, the one published last at the front. None gives <see cref="PresenceDocument.Closed"/>.</param>
    public static PresenceDocument Compose(string entity, IReadOnlyList<PresenceDocument> newestFirst)
    {
        if (newestFirst.All(static document => document.Tuples.Length + document.Notes.Length + document.Persons.Length == 0))
        {
            return PresenceDocument.Closed(entity);
        }

        // What one device says stands for itself, which is usual.
        if (newestFirst is [{ Tuples.Length: 1, Persons.Length: <= 1, Devices.Length: <= 1, Notes.Length: <= 1 } only])
        {
            return only with { Entity = entity };
        }

        return new(entity)
        {
            Tuples = Tuples(newestFirst),
            Persons = Person(newestFirst) is { } person ? [person] : [],
            Devices = [.. newestFirst.SelectMany(static document => document.Devices).DistinctBy(static device => device.DeviceId ?? device.Id)],
            Notes = [.. newestFirst.SelectMany(static document => document.Notes).Distinct()],
            Extensions = [.. newestFirst.SelectMany(static document => document.Extensions)],
        };
    }

    private static ImmutableArray<PresenceTuple> Tuples(IReadOnlyList<PresenceDocument> documents)
    {
        var ids = new UniqueIds();
        return
        [
            .. documents.SelectMany(static document => document.Tuples)
                .OrderByDescending(static tuple => tuple.Basic == BasicStatus.Open)
                .Select(tuple => tuple with { Id = ids.Take(tuple.Id) }),
        ];
    }

    private static PresencePerson? Person(IReadOnlyList<PresenceDocument> documents)
    {
        bool anyOpen = documents.Any(static document => document.IsOpen);
        return documents.FirstOrDefault(document => !document.Persons.IsEmpty && document.IsOpen == anyOpen)?.Persons[0];
    }
}
