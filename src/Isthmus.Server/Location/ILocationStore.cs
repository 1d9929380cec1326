// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Location;

/// <summary>Keeps bindings over a restart. Used by one thread at a time.</summary>
internal interface ILocationStore : IDisposable
{
    /// <summary>Whether a commit waits for a disk, so that it must not run on the caller's thread.</summary>
    bool IsDurable { get; }

    /// <summary>Where it is, for people.</summary>
    string Description { get; }

    /// <summary>32 random bytes that live as long as the store: what was marked with them is recognised after a restart. Known once it is loaded.</summary>
    ReadOnlyMemory<byte> Secret { get; }

    /// <summary>Opens the store and reads every binding.</summary>
    /// <exception cref="LocationStoreException">It cannot be opened or read.</exception>
    IReadOnlyList<Binding> Load();

    /// <summary>Writes a batch, all or nothing. When it returns, the batch survives a crash of the process and of the machine.</summary>
    /// <exception cref="LocationStoreException">Nothing was written.</exception>
    void Commit(IReadOnlyList<BindingChange> changes);
}

/// <summary>A binding to be written (<paramref name="New"/>) or removed (only <paramref name="Old"/>).</summary>
internal readonly record struct BindingChange(Binding? Old, Binding? New);

/// <summary>The store cannot be opened, read or written. The message is one line for people.</summary>
internal sealed class LocationStoreException(string message, Exception? inner = null) : Exception(message, inner);
