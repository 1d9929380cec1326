// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Location;

/// <summary>How a change of the location service ended.</summary>
internal enum CommitOutcome
{
    /// <summary>The change is in the store and visible.</summary>
    Committed,

    /// <summary>The change itself asked for nothing (it was refused, or all is as it was).</summary>
    Unchanged,

    /// <summary>The store could not be written; nothing has changed.</summary>
    StoreFailed,
}

/// <summary>A change of one address-of-record. Changes are applied one after another, so that each sees what the one before it did.</summary>
internal interface ILocationChange
{
    string Aor { get; }

    /// <summary>Computes the new state, or null for none. Pure apart from what it remembers for <see cref="Completed"/>.</summary>
    /// <param name="current">The state before, with changes that are not committed yet.</param>
    /// <param name="context">Numbers and the time.</param>
    AddressOfRecord? Apply(AddressOfRecord current, ChangeContext context);

    /// <summary>Called once, after the commit, in no lock.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="current">The state after, with what later changes of the same commit made of it.</param>
    void Completed(CommitOutcome outcome, AddressOfRecord current);
}

/// <summary>What a change may ask.</summary>
internal sealed class ChangeContext(DateTimeOffset now, int bindingCount, Func<long> nextId)
{
    public DateTimeOffset Now => now;

    /// <summary>The bindings of all addresses-of-record.</summary>
    public int BindingCount => bindingCount;

    /// <summary>A number for a new binding.</summary>
    public long NextId() => nextId();
}
