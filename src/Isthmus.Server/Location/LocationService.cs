// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Collections.Immutable;
using Isthmus.Server.Hosting;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Location;

/// <summary>
/// The location service. Readers see immutable snapshots; all changes go through one writer, which commits them in batches
/// (<see cref="CommitQueue"/>) and makes them visible only after the store has them.
/// </summary>
internal sealed class LocationService : ILocationService, IDisposable
{
    private static readonly TimeSpan PruneRetry = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, AddressOfRecord> _aors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WheelTimer> _expiries = new(StringComparer.Ordinal);
    private readonly DeviceKnowledge _knowledge;
    private readonly ILocationStore _store;
    private readonly Domains _domains;
    private readonly TimerWheel _timers;
    private readonly TimeProvider _time;
    private readonly int _mostAors;
    private readonly ILogger _logger;
    private readonly CommitQueue _queue;
    private long _lastId;
    private int _bindingCount;
    private int _aorCount;

    public LocationService(ILocationStore store, Domains domains, TimerWheel timers, TimeProvider time, LimitOptions limits, ILogger<LocationService> logger)
    {
        (_store, _domains, _timers, _time, _logger) = (store, domains, timers, time, logger);
        _mostAors = limits.Bindings;
        _knowledge = new DeviceKnowledge(time);
        _queue = new CommitQueue(store.IsDurable, limits.PendingRegistrations, Commit, Complete);
    }

    public int AorCount => Volatile.Read(ref _aorCount);

    public int BindingCount => Volatile.Read(ref _bindingCount);

    /// <summary><see cref="ILocationStore.Secret"/>.</summary>
    public ReadOnlyMemory<byte> Secret => _store.Secret;

    /// <summary>Reads the store. Before it returns nothing is found; after it everything that was acknowledged is.</summary>
    /// <exception cref="LocationStoreException">The store cannot be opened or read.</exception>
    public void Load()
    {
        foreach (IGrouping<string, Binding> group in _store.Load().GroupBy(binding => binding.Aor, StringComparer.Ordinal))
        {
            _lastId = Math.Max(_lastId, group.Max(binding => binding.Id));
            Publish(new AddressOfRecord(group.Key, []), new AddressOfRecord(group.Key, [.. group.OrderBy(binding => binding.Id)]));
        }

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

    public ImmutableArray<Device> Find(string aor) =>
        _aors.TryGetValue(aor, out AddressOfRecord? found) ? _knowledge.AddTo(aor, found.LiveDevices(_time.GetUtcNow())) : [];

    public ImmutableArray<Binding> BindingsOf(string aor) =>
        _aors.TryGetValue(aor, out AddressOfRecord? found) ? found.LiveBindings(_time.GetUtcNow()) : [];

    public IEnumerable<Binding> All()
    {
        DateTimeOffset now = _time.GetUtcNow();
        return _aors.Values.SelectMany(aor => aor.LiveBindings(now));
    }

    public bool Knows(string aor) => _aors.ContainsKey(aor);

    public Device? DeviceOfCaller(string aor, NameAddr? contact, Flow flow)
    {
        ImmutableArray<Device> devices = Find(aor);
        if (contact is not null)
        {
            string? instance = InstanceId.Of(contact) ?? (contact.SipUri?.Gr is { Length: > 0 } gruu ? gruu : null);
            Device? named = devices.FirstOrDefault(device => instance is not null ? device.Id == instance : device.Bindings.Any(binding => binding.Uri.Equals(contact.SipUri)));
            if (named is not null)
            {
                return named;
            }
        }

        Device? same = devices.FirstOrDefault(device => device.Bindings.Any(binding => binding.Transport == flow.Transport && binding.Source.Equals(flow.Remote)));
        if (same is not null)
        {
            return same;
        }

        // A phone may call from another port than it registers from; the host alone tells only when it tells one device.
        Device[] there = [.. devices.Where(device => device.Bindings.Any(binding => binding.Source.Address.Equals(flow.Remote.Address)))];
        return there is [var only] ? only : null;
    }

    public void Learn(string aor, string deviceId, IpVersions can, IpVersions cannot)
    {
        if (_aors.TryGetValue(aor, out AddressOfRecord? found) && found.Devices.Any(device => device.Id == deviceId))
        {
            _knowledge.Learn(aor, deviceId, can, cannot);
        }
    }

    /// <summary>Commits what waits, then stops writing.</summary>
    public void Dispose()
    {
        _queue.Dispose();
        _store.Dispose();
    }

    // On the writer, or in the queue's lock when the store is memory: never twice at a time.
    private IReadOnlyList<(ILocationChange Change, CommitOutcome Outcome, AddressOfRecord Current)> Commit(IReadOnlyList<ILocationChange> batch)
    {
        DateTimeOffset now = _time.GetUtcNow();
        var after = new Dictionary<string, AddressOfRecord>(StringComparer.Ordinal);
        var changed = new bool[batch.Count];
        var faulted = new bool[batch.Count];
        int count = _bindingCount;
        for (int i = 0; i < batch.Count; i++)
        {
            AddressOfRecord current = after.GetValueOrDefault(batch[i].Aor) ?? Current(batch[i].Aor);
            AddressOfRecord? next = null;
            faulted[i] = !Guarded(batch[i], change => next = change.Apply(current, new ChangeContext(now, count, () => ++_lastId)));
            if (next is not null)
            {
                changed[i] = true;
                after[batch[i].Aor] = next;
                count += next.Bindings.Length - current.Bindings.Length;
            }
        }

        bool stored = TryStore(after);
        if (stored)
        {
            foreach (AddressOfRecord next in after.Values)
            {
                Publish(Current(next.Aor), next);
            }
        }
        else
        {
            foreach (PruneChange prune in batch.OfType<PruneChange>())
            {
                _timers.Schedule(PruneRetry, static state => ((Action)state!)(), () => TrySubmit(prune));
            }
        }

        // What a change found unchanged may be what an earlier one of this batch did: it fails with it.
        return [.. batch.Select((change, i) => (change, faulted[i] || (!stored && after.ContainsKey(change.Aor)) ? CommitOutcome.StoreFailed : changed[i] ? CommitOutcome.Committed : CommitOutcome.Unchanged, Current(change.Aor)))];
    }

    private void Complete(IReadOnlyList<(ILocationChange Change, CommitOutcome Outcome, AddressOfRecord Current)> done)
    {
        foreach ((ILocationChange change, CommitOutcome outcome, AddressOfRecord current) in done)
        {
            Guarded(change, finished => finished.Completed(outcome, current));
        }
    }

    private bool Guarded(ILocationChange change, Action<ILocationChange> work)
    {
        try
        {
            work(change);
            return true;
        }
#pragma warning disable CA1031 // One faulty registration must not end the writer that serves all others.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LocationLog.ChangeFaulted(_logger, fault, change.Aor);
            return false;
        }
    }

    private bool TryStore(Dictionary<string, AddressOfRecord> after)
    {
        List<BindingChange> changes = [.. after.Values.SelectMany(next => Differences(Current(next.Aor), next))];
        if (changes.Count == 0)
        {
            return true;
        }

        try
        {
            _store.Commit(changes);
            LocationLog.Committed(_logger, changes.Count);
            return true;
        }
        catch (LocationStoreException exception)
        {
            LocationLog.StoreFailed(_logger, _store.Description, exception.Message);
            return false;
        }
    }

    private static IEnumerable<BindingChange> Differences(AddressOfRecord before, AddressOfRecord after)
    {
        foreach (Binding old in before.Bindings)
        {
            if (!after.Bindings.Any(binding => binding.Id == old.Id))
            {
                yield return new(old, null);
            }
        }

        foreach (Binding binding in after.Bindings)
        {
            Binding? old = before.Bindings.FirstOrDefault(candidate => candidate.Id == binding.Id);
            if (!ReferenceEquals(old, binding))
            {
                yield return new(old, binding);
            }
        }
    }

    private AddressOfRecord Current(string aor) => _aors.TryGetValue(aor, out AddressOfRecord? found) ? found : new AddressOfRecord(aor, []);

    private void Publish(AddressOfRecord before, AddressOfRecord after)
    {
        // An address-of-record that had bindings stays known (480, not 404), as long as there is room for it.
        if (after.Bindings.IsEmpty && _aors.Count > _mostAors)
        {
            _aors.TryRemove(after.Aor, out _);
        }
        else
        {
            _aors[after.Aor] = after;
        }

        Interlocked.Add(ref _bindingCount, after.Bindings.Length - before.Bindings.Length);
        Interlocked.Add(ref _aorCount, (after.Bindings.IsEmpty ? 0 : 1) - (before.Bindings.IsEmpty ? 0 : 1));
        _knowledge.Forget(before, after);
        if (_expiries.Remove(after.Aor, out WheelTimer timer))
        {
            timer.Cancel();
        }

        if (!after.Bindings.IsEmpty)
        {
            string aor = after.Aor;
            _expiries[aor] = _timers.Schedule(after.FirstExpiry - _time.GetUtcNow(), static state => ((Action)state!)(), () => Prune(aor));
        }
    }

    private void Prune(string aor)
    {
        if (!TrySubmit(new PruneChange(aor)))
        {
            _timers.Schedule(PruneRetry, static state => ((Action)state!)(), () => Prune(aor));
        }
    }
}
