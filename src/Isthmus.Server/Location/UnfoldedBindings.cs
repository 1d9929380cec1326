// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Location;

/// <summary>Bindings of which the journal knows more than the table: each once, however often it changed.</summary>
internal sealed class UnfoldedBindings
{
    private List<Binding> _waiting = [];

    public int Count => _waiting.Count;

    public void Add(Binding binding)
    {
        if (!binding.Row.HasFlag(RowState.Waiting))
        {
            binding.Row |= RowState.Waiting;
            _waiting.Add(binding);
        }
    }

    /// <summary>Takes note of what a batch did.</summary>
    public void Add(ReadOnlySpan<BindingChange> changes)
    {
        foreach (BindingChange change in changes)
        {
            if (change.New is null)
            {
                change.Old!.Row |= RowState.Removed;
                Add(change.Old);
                continue;
            }

            if (change.Old is { } old && old != change.New)
            {
                old.Row |= RowState.Replaced;
            }

            Add(change.New);
        }
    }

    /// <summary>All that wait, in the order of the table; those that change from now on wait anew, but for those whose turn is still to come.</summary>
    public List<Binding> TakeAll()
    {
        List<Binding> taken = _waiting;
        _waiting = [];
        taken.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        return taken;
    }
}
