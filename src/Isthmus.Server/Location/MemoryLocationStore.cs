// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>Keeps nothing: bindings live as long as the process.</summary>
internal sealed class MemoryLocationStore : ILocationStore
{
    public bool IsDurable => false;

    public string Description => "memory";

    public ReadOnlyMemory<byte> Secret { get; } = RandomNumberGenerator.GetBytes(32);

    public long LastId => 0;

    public IReadOnlyCollection<AddressOfRecord> Load(KeyedHash hash) => [];

    public void Commit(ReadOnlySpan<BindingChange> changes, long now)
    {
    }

    public bool Tidy(Leisure leisure) => false;

    public void Dispose()
    {
    }
}
