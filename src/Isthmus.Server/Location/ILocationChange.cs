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
    /// <summary>The canonical address-of-record in UTF-8.</summary>
    ReadOnlySpan<byte> Aor { get; }

    /// <summary>Makes the change in the batch, with its last step, or does not; answers whether it did. What it does else is to remember for <see cref="Completed"/>.</summary>
    bool Apply(LocationBatch batch);

    /// <summary>Called once, after the commit, in no lock.</summary>
    void Completed(CommitOutcome outcome);
}
