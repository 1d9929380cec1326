// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Events;

/// <summary>Makes, renews, changes and removes publications (RFC 3903 §6), lets them expire, and counts them.</summary>
/// <param name="stack">Its timers end publications.</param>
/// <param name="most">How many there may be.</param>
/// <param name="mostEach">How many one user may have in one package.</param>
internal sealed class PublicationTable(SipStack stack, int most, int mostEach)
{
    // Of so few octets no document becomes too long, whatever they say.
    private const int SurelyFits = 1024;

    private readonly KeyedHash _tags = KeyedHash.Random();
    private int _count;
    private long _lastPlace;
    private long _lastTag;

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Keeps them for after a restart; null: nobody does.</summary>
    public EventJournal? Journal { get; set; }

    private int MostEach => mostEach;

    private long Now => stack.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Does what a PUBLISH asks for.</summary>
    /// <param name="hub">Knows the resources.</param>
    /// <param name="package">The package.</param>
    /// <param name="aor">The canonical address-of-record.</param>
    /// <param name="asked">What is asked for.</param>
    /// <param name="body">The body, for the store.</param>
    public PublishResult Publish(EventHub hub, IEventPackage package, string aor, in PublishQuestion asked, ReadOnlySpan<byte> body)
    {
        var work = new Work(this, package, aor, asked) { Body = asked.State is null || Journal is null ? [] : body.ToArray() };
        while (!hub.Resource(package, aor).TryPublish(work.Change))
        {
            // The resource went out of use just now; the next one is a new one.
        }

        if (work.Made is not null || work.Replaced is not null)
        {
            Journal?.Published(package.Name, aor, work.Replaced, work.Made);
        }

        if (work.Made is { } made)
        {
            Watch(hub, package, aor, made);
        }

        return work.Result;
    }

    /// <summary>A publication of an earlier run is there again.</summary>
    /// <param name="hub">Knows the resources.</param>
    /// <param name="package">The package.</param>
    /// <param name="aor">The canonical address-of-record.</param>
    /// <param name="publication">The publication; it stands behind all that were restored before it.</param>
    public void Restore(EventHub hub, IEventPackage package, string aor, Publication publication)
    {
        Interlocked.Increment(ref _count);
        _lastPlace = Math.Max(_lastPlace, publication.Place);
        while (!hub.Resource(package, aor).TryPublish(before => [.. before, publication]))
        {
            // The resource went out of use just now; the next one is a new one.
        }

        Watch(hub, package, aor, publication);
    }

    private void Watch(EventHub hub, IEventPackage package, string aor, Publication publication)
    {
        var expiry = new Expiry(this, hub, package, aor, publication.EntityTag);
        publication.Timer = stack.Timers.Schedule(TimeSpan.FromMilliseconds(publication.ExpiresAt - Now), static expiry => ((Expiry)expiry!).TimeHasCome(), expiry);
    }

    // Nobody can guess it, and none comes twice (RFC 3903 §4.1): hashes of a run's numbers, under a key of the run.
    private ulong NewTag()
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, Interlocked.Increment(ref _lastTag));
        return Math.Max(1, _tags.Of(number));
    }

    private bool TryReserve()
    {
        if (Interlocked.Increment(ref _count) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    /// <summary>One PUBLISH, done with the resource's lock.</summary>
    private sealed class Work(PublicationTable table, IEventPackage package, string aor, PublishQuestion asked)
    {
        /// <summary>The body, where it is kept.</summary>
        public required byte[] Body { get; init; }

        public PublishResult Result { get; private set; }

        /// <summary>The publication that it made of something or nothing; null: none.</summary>
        public Publication? Made { get; private set; }

        /// <summary>The publication in whose place it came; null: none.</summary>
        public Publication? Replaced { get; private set; }

        public Publication[]? Change(Publication[] before)
        {
            int at = asked.Match is null ? -1 : Array.FindIndex(before, publication => publication.EntityTag == asked.Match);
            if (asked.Match is not null && at < 0)
            {
                Result = new(PublishOutcome.NoMatch);
                return null;
            }

            if (asked.Seconds > 0 && Refusal(before, at) is { } refusal)
            {
                Result = new(refusal);
                return null;
            }

            if (at >= 0)
            {
                Replaced = before[at];
                Replaced.Timer.Cancel();
            }

            return asked.Seconds > 0 ? Put(before, at) : Remove(before, at);
        }

        private PublishOutcome? Refusal(Publication[] before, int at) =>
            at < 0 && before.Length >= table.MostEach ? PublishOutcome.TooManyHere
            : asked.State is not null && !Fits(before, at) ? PublishOutcome.TooMuchHere
            : at < 0 && !table.TryReserve() ? PublishOutcome.TooMany
            : null;

        // What is written of a publication may be longer than it came.
        private bool Fits(Publication[] before, int at)
        {
            int octets = asked.Length - (at < 0 ? 0 : before[at].Length);
            foreach (Publication publication in before)
            {
                octets += publication.Length;
            }

            return octets <= SurelyFits
                || package.Compose(new(aor) { Publications = [.. Without(before, at), new(0, Body, asked.State!, 0)] }).MostOctets <= StateDocument.Most;
        }

        private Publication[] Put(Publication[] before, int at)
        {
            long expiresAt = table.Now + (asked.Seconds * 1000L);
            Made = asked.State is not { } state
                ? before[at] with { EntityTag = table.NewTag(), ExpiresAt = expiresAt }
                : new Publication(table.NewTag(), Body, state, expiresAt) { Length = asked.Length, Place = Interlocked.Increment(ref table._lastPlace) };
            Result = new(PublishOutcome.Done, Made.EntityTag, HasChanged: asked.State is not null);

            // What was said last stands last; what was only kept alive stays in its place.
            return at >= 0 && asked.State is null ? [.. before.AsSpan(0, at), Made, .. before.AsSpan(at + 1)] : [.. Without(before, at), Made];
        }

        private static Publication[] Without(Publication[] before, int at) => at < 0 ? before : [.. before.AsSpan(0, at), .. before.AsSpan(at + 1)];

        private Publication[]? Remove(Publication[] before, int at)
        {
            Result = new(PublishOutcome.Done, table.NewTag(), HasChanged: at >= 0);
            if (at < 0)
            {
                return null; // published for no time at all
            }

            Interlocked.Decrement(ref table._count);
            return Without(before, at);
        }
    }

    /// <summary>The end of a publication, unless it has another tag by then.</summary>
    private sealed class Expiry(PublicationTable table, EventHub hub, IEventPackage package, string aor, ulong tag)
    {
        public void TimeHasCome()
        {
            Publication? gone = null;
            hub.Resource(package, aor).TryPublish(before =>
            {
                gone = Array.Find(before, publication => publication.EntityTag == tag);
                return gone is null ? null : Array.FindAll(before, publication => publication != gone);
            });
            if (gone is not null)
            {
                Interlocked.Decrement(ref table._count);
                table.Journal?.Published(package.Name, aor, gone, null);
                hub.Changed(package, aor);
            }
        }
    }
}
