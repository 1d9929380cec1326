// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Storing;
using Isthmus.Sip;

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

    /// <summary>The highest number that a binding had which the store still knows of. Known once it is loaded.</summary>
    long LastId { get; }

    /// <summary>Opens the store and reads every address-of-record with its bindings, in the order of their numbers.</summary>
    /// <exception cref="StoreException">It cannot be opened or read.</exception>
    IReadOnlyCollection<AddressOfRecord> Load(KeyedHash hash);

    /// <summary>Writes a batch, all or nothing. When it returns, the batch survives a crash of the process and of the machine.</summary>
    /// <param name="changes">At least one, the later one of a binding last.</param>
    /// <param name="now">When, in milliseconds since 1970.</param>
    /// <exception cref="StoreException">Nothing was written.</exception>
    void Commit(ReadOnlySpan<BindingChange> changes, long now);

    /// <summary>Does a bounded piece of the work that commits leave for later. True: there is more of it now.</summary>
    /// <param name="leisure">What may be taken on.</param>
    /// <exception cref="StoreException">It could not be done, and is left for later.</exception>
    bool Tidy(Leisure leisure);
}

/// <summary>A binding to be written (<paramref name="New"/>), renewed (both are the same) or removed (only <paramref name="Old"/>).</summary>
internal readonly record struct BindingChange(Binding? Old, Binding? New);
