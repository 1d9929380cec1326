// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>
/// Changes that are committed together: what they make of the bindings before the store has it. Readers see nothing of it until it is published,
/// and it can be undone. Used again for batch after batch, by the writer.
/// </summary>
internal sealed class LocationBatch(AorTable table, KeyedHash hash)
{
    private readonly List<BindingChange> _changes = [];
    private readonly List<(Binding Binding, uint CSeq, long Expires)> _renewed = [];
    private readonly List<AddressOfRecord> _changed = [];
    private readonly AorTable _added = new(hash);
    private long _number;
    private long _lastId;

    /// <summary>When, in milliseconds since 1970.</summary>
    public long Now { get; private set; }

    /// <summary>The bindings of all addresses-of-record.</summary>
    public int BindingCount { get; private set; }

    /// <summary>Addresses-of-record whose array of bindings is another one after the batch.</summary>
    public ReadOnlySpan<AddressOfRecord> Changed => CollectionsMarshal.AsSpan(_changed);

    /// <summary>Bindings that were renewed, with what they had before.</summary>
    public ReadOnlySpan<(Binding Binding, uint CSeq, long Expires)> Renewed => CollectionsMarshal.AsSpan(_renewed);

    /// <summary>Begins the next one.</summary>
    public void Begin(long now, int bindingCount)
    {
        (Now, BindingCount) = (now, bindingCount);
        _number++;
        _changes.Clear();
        _renewed.Clear();
        _changed.Clear();
        if (_added.Count > 0)
        {
            _added.Clear();
        }
    }

    /// <summary>A number for a new binding.</summary>
    public long NextId() => ++_lastId;

    /// <summary>The numbers up to this one are taken.</summary>
    public void StartAfter(long id) => _lastId = id;

    /// <summary>What stands for an address-of-record, also when it is new in this batch.</summary>
    public AddressOfRecord? Find(ReadOnlySpan<byte> aor)
    {
        uint key = table.HashOf(aor);
        return table.Find(aor, key) ?? (_added.Count > 0 ? _added.Find(aor, key) : null);
    }

    /// <summary>The bindings with what earlier changes of the batch did.</summary>
    public Binding[] BindingsOf(ReadOnlySpan<byte> aor) => Find(aor)?.Latest ?? [];

    /// <summary>Those that live.</summary>
    public Binding[] LiveOf(Binding[] bindings) => Array.TrueForAll(bindings, IsLive) ? bindings : Array.FindAll(bindings, IsLive);

    public bool IsLive(Binding binding) => binding.NextExpiresAt > Now;

    /// <summary>The binding stays and lives on; it is the newest of its address-of-record, so it stands last.</summary>
    public void Renew(AddressOfRecord aor, Binding binding, uint cseq, long expires)
    {
        _renewed.Add((binding, binding.CSeq, binding.NextExpiresAt));
        _changes.Add(new(binding, binding));
        binding.Renew(cseq, expires);
        aor.Batch = _number;
        Binding[] bindings = aor.Latest;
        if (bindings[^1] != binding)
        {
            Put(aor, Last(bindings, binding));
        }
    }

    /// <summary>Other bindings for the address-of-record.</summary>
    /// <param name="aor">Its canonical octets.</param>
    /// <param name="after">All that it has now.</param>
    /// <param name="removal">What took some away, if anything did.</param>
    public void Replace(ReadOnlySpan<byte> aor, Binding[] after, Removal? removal = null)
    {
        AddressOfRecord? found = Find(aor);
        if (found is null)
        {
            found = new AddressOfRecord(aor.ToArray(), table.HashOf(aor));
            _added.Add(found);
        }

        found.Removal = removal ?? found.Removal;
        Replace(found, after);
    }

    /// <inheritdoc cref="Replace(ReadOnlySpan{byte}, Binding[], Location.Removal?)"/>
    public void Replace(AddressOfRecord aor, Binding[] after)
    {
        BindingCount += after.Length - aor.Latest.Length;
        Put(aor, after);
    }

    /// <summary>Whether a change of the batch changed it.</summary>
    public bool Touches(ReadOnlySpan<byte> aor) => Find(aor) is { } found && found.Batch == _number;

    /// <summary>Whether the address-of-record is new.</summary>
    public bool Adds(AddressOfRecord aor) => _added.Count > 0 && _added.Find(aor.Key, aor.Hash) == aor;

    /// <summary>What the store has to write.</summary>
    public ReadOnlySpan<BindingChange> Changes()
    {
        foreach (AddressOfRecord aor in _changed)
        {
            AddDifferences(aor.Bindings, aor.Next!);
        }

        return CollectionsMarshal.AsSpan(_changes);
    }

    /// <summary>All is as it was before.</summary>
    public void Undo()
    {
        for (int i = _renewed.Count - 1; i >= 0; i--)
        {
            _renewed[i].Binding.Renew(_renewed[i].CSeq, _renewed[i].Expires);
        }

        foreach (AddressOfRecord aor in _changed)
        {
            aor.Next = null;
        }
    }

    private static Binding[] Last(Binding[] bindings, Binding last) => [.. bindings.Where(other => other != last), last];

    private void Put(AddressOfRecord aor, Binding[] after)
    {
        if (aor.Next is null)
        {
            _changed.Add(aor);
        }

        (aor.Next, aor.Batch) = (after, _number);
        foreach (Binding binding in after)
        {
            binding.BelongTo(aor);
        }
    }

    private void AddDifferences(Binding[] before, Binding[] after)
    {
        foreach (Binding old in before)
        {
            if (!Array.Exists(after, binding => binding.Id == old.Id))
            {
                _changes.Add(new(old, null));
            }
        }

        foreach (Binding binding in after)
        {
            if (Array.IndexOf(before, binding) < 0)
            {
                _changes.Add(new(Array.Find(before, old => old.Id == binding.Id), binding));
            }
        }
    }
}
