// SPDX-License-Identifier: Apache-2.0
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Storing;

/// <summary>Writes pieces of work in one transaction: each whole or not at all, and one that fails takes no other with it.</summary>
internal sealed class StoreTransaction(StoreConnection store, ILogger logger)
{
    private const string Fault = "an error in the program, see the log";

    /// <summary>Writes a batch and commits it.</summary>
    /// <param name="batch">The pieces.</param>
    /// <param name="problems">What became of each: null when it is committed, else why it is not.</param>
    public void Write(ReadOnlySpan<IStoreWork> batch, Span<string?> problems)
    {
        problems.Clear();
        try
        {
            store.Statement("BEGIN IMMEDIATE").Run();
            for (int i = 0; i < batch.Length; i++)
            {
                problems[i] = Write(batch[i]);
            }

            store.Statement("COMMIT").Run();
        }
        catch (SqliteException exception)
        {
            StoreException problem = StoreException.Of(exception, store.Description);
            StoreLog.NotWritten(logger, store.Description, batch.Length, problem.Message);
            problems.Fill(problem.Message);
            RollBack();
        }
    }

    // A savepoint each: what is left of a piece that failed is taken back.
    private string? Write(IStoreWork work)
    {
        store.Statement("SAVEPOINT piece").Run();
        string? problem = null;
        try
        {
            work.Write(store);
        }
        catch (StoreException exception)
        {
            problem = exception.Message;
        }
        catch (SqliteException exception) when (store.IsInTransaction)
        {
            problem = StoreException.Of(exception, store.Description).Message;
            StoreLog.NotWritten(logger, store.Description, 1, problem);
        }
#pragma warning disable CA1031 // One faulty piece must not end the writer that serves all others.
        catch (Exception exception) when (exception is not SqliteException)
#pragma warning restore CA1031
        {
            StoreLog.Faulted(logger, exception, work.GetType().Name);
            problem = Fault;
        }

        if (problem is not null)
        {
            store.Statement("ROLLBACK TO piece").Run();
        }

        store.Statement("RELEASE piece").Run();
        return problem;
    }

    private void RollBack()
    {
        try
        {
            if (store.IsInTransaction)
            {
                store.Statement("ROLLBACK").Run();
            }
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does when the disk is full.
        }
    }
}
