// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Location;

/// <summary>Takes away what has expired.</summary>
internal sealed class PruneChange(AddressOfRecord aor, Action<AddressOfRecord, CommitOutcome> completed) : ILocationChange
{
    public ReadOnlySpan<byte> Aor => aor.Key;

    public bool Apply(LocationBatch batch)
    {
        Binding[] current = aor.Latest;
        Binding[] live = batch.LiveOf(current);
        if (live.Length == current.Length)
        {
            return false;
        }

        batch.Replace(aor, live);
        return true;
    }

    public void Completed(CommitOutcome outcome) => completed(aor, outcome);
}
