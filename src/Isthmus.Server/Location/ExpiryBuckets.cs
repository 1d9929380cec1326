// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Location;

/// <summary>
/// Addresses-of-record by the second in which somebody must look whether a binding has expired: one timer a second, however many there are. A refresh
/// leaves an address-of-record where it is; when its second comes, it is put where it belongs by then.
/// </summary>
internal sealed class ExpiryBuckets(TimerWheel timers, TimeProvider time, Action<AddressOfRecord> expired)
{
    private const long Second = 1000;

    // So many at a time, that other timers have their turn.
    private const int Slice = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Bucket> _buckets = [];

    /// <summary>Sees to it that somebody looks at <paramref name="aor"/> at <paramref name="due"/> at the latest.</summary>
    /// <param name="aor">Whose bindings expire.</param>
    /// <param name="due">Milliseconds since 1970.</param>
    public void Watch(AddressOfRecord aor, long due)
    {
        long second = (due + Second - 1) / Second;
        if (Volatile.Read(ref aor.Place.Second) is var place && place != 0 && place <= second)
        {
            return;
        }

        lock (_lock)
        {
            if (aor.Place.Second != 0)
            {
                if (aor.Place.Second <= second)
                {
                    return;
                }

                Unlink(aor);
            }

            Link(aor, second);
        }
    }

    private void Link(AddressOfRecord aor, long second)
    {
        if (!_buckets.TryGetValue(second, out Bucket? bucket))
        {
            bucket = _buckets[second] = new Bucket(this, second);
            Schedule(bucket);
        }

        aor.Place.Next = bucket.First;
        if (bucket.First is { } next)
        {
            next.Place.Previous = aor;
        }

        bucket.First = aor;
        aor.Place.Second = second;
    }

    private void Unlink(AddressOfRecord aor)
    {
        ref ExpiryPlace place = ref aor.Place;
        if (place.Previous is { } previous)
        {
            previous.Place.Next = place.Next;
        }
        else
        {
            _buckets[place.Second].First = place.Next;
        }

        if (place.Next is { } next)
        {
            next.Place.Previous = place.Previous;
        }

        place = default;
    }

    private void Schedule(Bucket bucket) => timers.Schedule(
        DateTimeOffset.FromUnixTimeMilliseconds(bucket.Second * Second) - time.GetUtcNow(), static state => ((Bucket)state!).Buckets.Fire((Bucket)state), bucket);

    private void Fire(Bucket bucket)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        for (int i = 0; i < Slice; i++)
        {
            AddressOfRecord aor;
            lock (_lock)
            {
                if (bucket.First is null)
                {
                    _buckets.Remove(bucket.Second);
                    return;
                }

                aor = bucket.First;
                Unlink(aor);
            }

            if (aor.FirstExpiry is var first && first <= now)
            {
                expired(aor);
            }
            else if (first != long.MaxValue)
            {
                Watch(aor, first);
            }
        }

        Schedule(bucket);
    }

    private sealed class Bucket(ExpiryBuckets buckets, long second)
    {
        public ExpiryBuckets Buckets => buckets;

        public long Second => second;

        public AddressOfRecord? First { get; set; }
    }
}

/// <summary>A link of a bucket's chain.</summary>
internal struct ExpiryPlace
{
    /// <summary>The bucket; 0: none.</summary>
    public long Second;
    public AddressOfRecord? Previous;
    public AddressOfRecord? Next;
}
