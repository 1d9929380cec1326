// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace Isthmus.Server.Location;

/// <summary>Keeps nothing: bindings live as long as the process.</summary>
internal sealed class MemoryLocationStore : ILocationStore
{
    public bool IsDurable => false;

    public string Description => "memory";

    public ReadOnlyMemory<byte> Secret { get; } = RandomNumberGenerator.GetBytes(32);

    public IReadOnlyList<Binding> Load() => [];

    public void Commit(IReadOnlyList<BindingChange> changes)
    {
    }

    public void Dispose()
    {
    }
}
