// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>The bindings of a store while it is read: its table first, then its journal over it.</summary>
internal sealed class StoredBindings(KeyedHash hash)
{
    private readonly Dictionary<long, Binding> _byId = [];
    private readonly List<AddressOfRecord> _all = [];
    private readonly AorTable _aors = new(hash);
    private readonly SharedTexts _texts = new();

    /// <summary>What the journal has and the table does not.</summary>
    public UnfoldedBindings Unfolded { get; } = new();

    /// <summary>The highest number of a binding, also of one that is gone.</summary>
    public long LastId { get; private set; }

    public string Shared(ReadOnlySpan<byte> text) => _texts.Of(text);

    /// <summary>Adds a binding, or another one in the place of that with its number. False: its texts cannot be read.</summary>
    /// <param name="aor">The canonical address-of-record.</param>
    /// <param name="draft">What it is.</param>
    /// <param name="row">What the table has of it.</param>
    public bool TryPut(ReadOnlySpan<byte> aor, in BindingDraft draft, RowState row = RowState.None)
    {
        if (Binding.TryMake(draft) is not { } binding)
        {
            return false;
        }

        if (_byId.TryGetValue(draft.Id, out Binding? old))
        {
            old.Row |= RowState.Replaced;
        }

        binding.Row = row;
        binding.BelongTo(Owner(aor));
        _byId[draft.Id] = binding;
        LastId = Math.Max(LastId, draft.Id);
        if (row == RowState.None)
        {
            Unfolded.Add(binding);
        }

        return true;
    }

    /// <summary>Renews a binding. One that is not there went later: the table is ahead of the journal.</summary>
    public void Renew(long id, long expires, uint cseq, long now)
    {
        if (_byId.TryGetValue(id, out Binding? binding))
        {
            binding.Renew(cseq, expires);
            binding.Renewed(now);
            Unfolded.Add(binding);
        }
    }

    /// <summary>Removes a binding, if it is there.</summary>
    public void Remove(long id)
    {
        if (_byId.Remove(id, out Binding? binding))
        {
            binding.Row |= RowState.Removed;
            Unfolded.Add(binding);
        }
    }

    /// <summary>Every address-of-record with its bindings.</summary>
    public IReadOnlyCollection<AddressOfRecord> Grouped()
    {
        foreach (Binding binding in _byId.Values.OrderBy(binding => binding.Id))
        {
            AddressOfRecord owner = binding.Owner!;
            if (owner.Bindings.Length == 0)
            {
                _all.Add(owner);
            }

            owner.Bindings = [.. owner.Bindings, binding];
        }

        return _all;
    }

    private AddressOfRecord Owner(ReadOnlySpan<byte> aor)
    {
        uint key = _aors.HashOf(aor);
        if (_aors.Find(aor, key) is not { } owner)
        {
            owner = new AddressOfRecord(aor.ToArray(), key);
            _aors.Add(owner);
        }

        return owner;
    }
}
