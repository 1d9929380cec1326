// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using Isthmus.Server.Hosting;
using Isthmus.Server.Storing;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Location;

/// <summary>
/// The location service. All changes go through one writer, which commits them in batches (<see cref="CommitQueue"/>) and makes them visible only
/// after the store has them (<see cref="LocationBatch"/>).
/// </summary>
internal sealed class LocationService : ILocationService, ICommitter, IDisposable
{
    // So many bindings leave enough behind, when they are read, to be worth a second before the first socket is open.
    private const int Many = 65_536;

    // An address-of-record that was called keeps the objects that this took, about 1 kB, until so many others were called after it.
    private const int MostLookedUp = 131_072;
    private const int LongestAor = 512;
    private static readonly TimeSpan PruneRetry = TimeSpan.FromSeconds(5);

    private readonly KeyedHash _hash = KeyedHash.Random();
    private readonly AorTable _aors;
    private readonly LookedUp _lookedUp = new(MostLookedUp);
    private readonly ILocationStore _store;
    private readonly Domains _domains;
    private readonly TimeProvider _time;
    private readonly int _mostAors;
    private readonly ILogger _logger;
    private readonly CommitQueue _queue;
    private readonly LocationBatch _batch;
    private readonly ExpiryBuckets _expiries;
    private readonly Func<SendBatch>? _gather;
    private ILocationObserver[] _observers = [];
    private int _bindingCount;
    private int _aorCount;

    /// <param name="store">Where bindings are kept.</param>
    /// <param name="domains">Which URIs are ours.</param>
    /// <param name="timers">Runs the expiries.</param>
    /// <param name="time">The clock.</param>
    /// <param name="limits">How many bindings, and how many that wait.</param>
    /// <param name="logger">The log.</param>
    /// <param name="gather">Lets the answers of a batch leave together; null: each by itself.</param>
    public LocationService(
        ILocationStore store, Domains domains, TimerWheel timers, TimeProvider time, LimitOptions limits, ILogger<LocationService> logger, Func<SendBatch>? gather = null)
    {
        (_store, _domains, _time, _logger, _gather) = (store, domains, time, logger, gather);
        _mostAors = limits.Bindings;
        _aors = new AorTable(_hash);
        _batch = new LocationBatch(_aors, _hash);
        _expiries = new ExpiryBuckets(timers, time, Prune);
        _queue = new CommitQueue(store.IsDurable, limits.PendingRegistrations, this);
    }

    public int AorCount => Volatile.Read(ref _aorCount);

    public int BindingCount => Volatile.Read(ref _bindingCount);

    /// <summary><see cref="ILocationStore.Secret"/>.</summary>
    public ReadOnlyMemory<byte> Secret => _store.Secret;

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>One more hears of bindings. Before <see cref="Load"/>, which it hears nothing of.</summary>
    public void Observe(ILocationObserver observer) => _observers = [.. _observers, observer];

    /// <summary>Reads the store. Before it returns nothing is found; after it everything that was acknowledged is.</summary>
    /// <exception cref="StoreException">The store cannot be opened or read.</exception>
    public void Load()
    {
        Take();
        if (BindingCount >= Many)
        {
            IdleMemory.GiveBack();
        }

        _batch.StartAfter(_store.LastId);
        LocationLog.Loaded(_logger, BindingCount, AorCount, _store.Description);
        _queue.Start();
    }

    /// <summary>Hands a change to the writer. False: too many wait already, and the change will not be made.</summary>
    public bool TrySubmit(ILocationChange change) => _queue.TryAdd(change);

    public ImmutableArray<Device> Find(SipUri uri)
    {
        if (_domains.AorOf(uri) is not { } aor)
        {
            return [];
        }

        ImmutableArray<Device> devices = Find(aor);
        return uri.Gr is { Length: > 0 } gruu ? devices.RemoveAll(device => device.Id != gruu) : devices;
    }

    public ImmutableArray<Device> Find(string aor) => Find(CallerSearch.Utf8(aor, stackalloc byte[LongestAor]));

    public ImmutableArray<Device> Find(ReadOnlySpan<byte> aor)
    {
        if (_aors.Find(aor) is not { } found)
        {
            return [];
        }

        long now = Now;
        ImmutableArray<Device> devices = found.LiveDevices(now, _lookedUp);
        foreach (Device device in devices)
        {
            device.ForgetStale(now);
        }

        return devices;
    }

    public IReadOnlyList<Binding> BindingsOf(string aor) => BindingsOf(CallerSearch.Utf8(aor, stackalloc byte[LongestAor]));

    /// <inheritdoc cref="BindingsOf(string)"/>
    public Binding[] BindingsOf(ReadOnlySpan<byte> aor) => _aors.Find(aor)?.LiveBindings(Now) ?? [];

    /// <summary>What stands for a canonical address-of-record; null when it is not known.</summary>
    public AddressOfRecord? AorOf(ReadOnlySpan<byte> aor) => _aors.Find(aor);

    public IEnumerable<Binding> All()
    {
        long now = Now;
        return _aors.All.SelectMany(aor => aor.LiveBindings(now));
    }

    public bool Knows(string aor) => Knows(CallerSearch.Utf8(aor, stackalloc byte[LongestAor]));

    public bool Knows(ReadOnlySpan<byte> aor) => _aors.Find(aor) is not null;

    public Device? DeviceOfCaller(string aor, NameAddr? contact, Flow flow)
    {
        ImmutableArray<Device> devices = Find(aor);
        return (contact is null ? null : CallerSearch.ByContact(devices, contact)) ?? CallerSearch.BySource(devices, flow.Transport, flow.Remote);
    }

    public Device? DeviceOfCaller(ReadOnlySpan<byte> aor, SipRequest request, Flow flow)
    {
        ImmutableArray<Device> devices = Find(aor);
        if (!devices.IsEmpty && request.TryGetContactView(out AddressView view))
        {
            // The octets differ where the same URI is written in another way: then the objects decide.
            Device? named = CallerSearch.ByContact(devices, view);
            if (named is null && CallerSearch.MayBeWrittenOtherwise(devices, view) && request.Contacts is [var contact, ..])
            {
                named = CallerSearch.ByContact(devices, contact);
            }

            if (named is not null)
            {
                return named;
            }
        }

        return CallerSearch.BySource(devices, flow.Transport, flow.Remote);
    }

    public void Learn(string aor, string deviceId, IpVersions can, IpVersions cannot)
    {
        long now = Now;
        foreach (Device device in Find(aor))
        {
            if (device.Id == deviceId)
            {
                Learned learned = device.Bindings[0].Learned.With(can, cannot, now);
                foreach (Binding binding in device.Bindings)
                {
                    binding.Learned = learned;
                }
            }
        }
    }

    /// <summary>Commits and answers what waits; from now on changes are refused where the store has a writer.</summary>
    public void Close() => _queue.Dispose();

    /// <summary>Closes it and the store.</summary>
    public void Dispose()
    {
        Close();
        while (((ICommitter)this).Tidy(Leisure.Long))
        {
        }

        _store.Dispose();
    }

    // On the writer, or in the queue's lock when the store is memory: never twice at a time.
    void ICommitter.Commit(ReadOnlySpan<ILocationChange> batch, Span<CommitOutcome> outcomes)
    {
        _batch.Begin(Now, _bindingCount);
        for (int i = 0; i < batch.Length; i++)
        {
            outcomes[i] = Apply(batch[i]);
        }

        ReadOnlySpan<BindingChange> changes = _batch.Changes();
        if (changes.IsEmpty || TryStore(changes))
        {
            Publish();
            return;
        }

        for (int i = 0; i < batch.Length; i++)
        {
            // What a change found unchanged may be what an earlier one of this batch did: it fails with it.
            if (_batch.Touches(batch[i].Aor))
            {
                outcomes[i] = CommitOutcome.StoreFailed;
            }
        }

        _batch.Undo();
    }

    void ICommitter.Complete(ReadOnlySpan<ILocationChange> batch, ReadOnlySpan<CommitOutcome> outcomes)
    {
        using SendBatch together = _gather is null ? default : _gather();
        for (int i = 0; i < batch.Length; i++)
        {
            ((ICommitter)this).Complete(batch[i], outcomes[i]);
        }
    }

    void ICommitter.Complete(ILocationChange change, CommitOutcome outcome)
    {
        try
        {
            change.Completed(outcome);
        }
#pragma warning disable CA1031 // One faulty registration must not end the writer that serves all others.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LocationLog.ChangeFaulted(_logger, fault, Encoding.UTF8.GetString(change.Aor));
        }
    }

    bool ICommitter.Tidy(Leisure leisure)
    {
        try
        {
            return _store.Tidy(leisure);
        }
        catch (StoreException exception)
        {
            LocationLog.TidyFailed(_logger, _store.Description, exception.Message);
            return false;
        }
    }

    private void Take()
    {
        IReadOnlyCollection<AddressOfRecord> stored = _store.Load(_hash);
        _aors.Reserve(stored.Count);
        foreach (AddressOfRecord aor in stored)
        {
            _aors.Add(aor);
            _aorCount++;
            _bindingCount += aor.Bindings.Length;
            _expiries.Watch(aor, aor.FirstExpiry);
        }
    }

    private CommitOutcome Apply(ILocationChange change)
    {
        try
        {
            return change.Apply(_batch) ? CommitOutcome.Committed : CommitOutcome.Unchanged;
        }
#pragma warning disable CA1031 // One faulty registration must not end the writer that serves all others.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LocationLog.ChangeFaulted(_logger, fault, Encoding.UTF8.GetString(change.Aor));
            return CommitOutcome.StoreFailed;
        }
    }

    private bool TryStore(ReadOnlySpan<BindingChange> changes)
    {
        try
        {
            _store.Commit(changes, _batch.Now);
            LocationLog.Committed(_logger, changes.Length);
            return true;
        }
        catch (StoreException exception)
        {
            LocationLog.StoreFailed(_logger, _store.Description, exception.Message);
            return false;
        }
    }

    private void Publish()
    {
        foreach ((Binding binding, _, _) in _batch.Renewed)
        {
            binding.Renewed(_batch.Now);
            _expiries.Watch(binding.Owner!, binding.ExpiresAt);
            foreach (ILocationObserver observer in _observers)
            {
                observer.Renewed(binding);
            }
        }

        foreach (AddressOfRecord aor in _batch.Changed)
        {
            Publish(aor, aor.Bindings, aor.Next!);
        }
    }

    private void Publish(AddressOfRecord aor, Binding[] before, Binding[] after)
    {
        // What is known of a device stays while it does.
        foreach (Binding binding in after)
        {
            if (binding.Learned == default && Array.Find(before, binding.IsOfDevice) is { } known)
            {
                binding.Learned = known.Learned;
            }
        }

        (aor.Bindings, aor.Next) = (after, null);
        Interlocked.Add(ref _bindingCount, after.Length - before.Length);
        Interlocked.Add(ref _aorCount, (after.Length == 0 ? 0 : 1) - (before.Length == 0 ? 0 : 1));
        if (_batch.Adds(aor))
        {
            _aors.Add(aor);
        }
        else if (after.Length == 0 && _aors.Count > _mostAors)
        {
            // An address-of-record that had bindings stays known (480, not 404), as long as there is room for it.
            _aors.Remove(aor);
        }

        if (after.Length > 0)
        {
            _expiries.Watch(aor, aor.FirstExpiry);
        }

        foreach (ILocationObserver observer in _observers)
        {
            observer.Changed(aor, before);
        }
    }

    private void Prune(AddressOfRecord aor)
    {
        if (!TrySubmit(new PruneChange(aor, Pruned)))
        {
            Pruned(aor, CommitOutcome.StoreFailed);
        }
    }

    private void Pruned(AddressOfRecord aor, CommitOutcome outcome)
    {
        if (outcome == CommitOutcome.StoreFailed)
        {
            _expiries.Watch(aor, Now + (long)PruneRetry.TotalMilliseconds);
        }
        else if (aor.FirstExpiry is var first && first != long.MaxValue)
        {
            _expiries.Watch(aor, first);
        }
    }
}
