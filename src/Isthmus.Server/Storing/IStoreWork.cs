// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Storing;

/// <summary>A piece of work for the store. Pieces are done in the order in which they were posted, several of them in one transaction.</summary>
internal interface IStoreWork
{
    /// <summary>
    /// Writes what there is to write, or reads: on the writer, called once. What it throws (<see cref="StoreException"/>, or SQLite's own) undoes this piece and no
    /// other.
    /// </summary>
    void Write(StoreConnection store);

    /// <summary>Called once afterwards, in the order of posting and in no lock. It may post more work.</summary>
    /// <param name="problem">Null: what was written survives a crash of the process and of the machine. Else nothing of it was written, and this says why in one line.</param>
    void Done(string? problem);
}
