// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Storing;

namespace Isthmus.Server.Messaging;

/// <summary>Something small to be written that nobody waits for.</summary>
internal sealed class StoreNote(Action<StoreConnection> write) : IStoreWork
{
    public void Write(StoreConnection store) => write(store);

    public void Done(string? problem)
    {
        // The writer has logged it.
    }
}
