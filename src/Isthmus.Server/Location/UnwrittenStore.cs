// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>What another store has, to be read: nothing is written to it.</summary>
internal sealed class UnwrittenStore(ILocationStore store) : ILocationStore
{
    public bool IsDurable => false;

    public string Description => store.Description;

    public ReadOnlyMemory<byte> Secret => store.Secret;

    public long LastId => store.LastId;

    public IReadOnlyCollection<AddressOfRecord> Load(KeyedHash hash) => store.Load(hash);

    public void Commit(ReadOnlySpan<BindingChange> changes, long now)
    {
    }

    public bool Tidy(Leisure leisure) => false;

    public void Dispose() => store.Dispose();
}
