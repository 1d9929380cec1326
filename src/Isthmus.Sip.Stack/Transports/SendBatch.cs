// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>
/// A time during which what one thread sends is gathered, so that it leaves in few system calls: see <see cref="INetwork.Gather"/>.
/// Batches nest; the outermost one's end sends. The default value gathers nothing.
/// </summary>
public readonly ref struct SendBatch
{
    private readonly Gatherings? _gatherings;

    internal SendBatch(Gatherings gatherings) => _gatherings = gatherings;

    /// <summary>Ends the batch, on the thread that began it.</summary>
    public void Dispose() => _gatherings?.End();
}
