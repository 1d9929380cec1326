// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Location;

/// <summary>Takes away what has expired.</summary>
internal sealed class PruneChange(string aor) : ILocationChange
{
    public string Aor => aor;

    public AddressOfRecord? Apply(AddressOfRecord current, ChangeContext context) =>
        context.Now < current.FirstExpiry ? null : new AddressOfRecord(aor, current.LiveBindings(context.Now));

    public void Completed(CommitOutcome outcome, AddressOfRecord current)
    {
    }
}
