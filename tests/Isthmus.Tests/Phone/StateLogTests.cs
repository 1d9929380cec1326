// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;

namespace Isthmus.Tests.Phone;

public sealed class StateLogTests
{
    [Fact]
    public async Task Follow_ReadersSeeWhatWasAndWhatComes_UntilTheEnd()
    {
        var log = new StateLog<int>();
        log.Add(1);
        var early = Read(log);
        log.Add(2);
        log.Add(3, last: true);
        Assert.False(log.Add(4));
        Assert.Equal([1, 2, 3], await early);
        Assert.Equal([1, 2, 3], await Read(log));
    }

    [Fact]
    public async Task Follow_AReaderFarBehind_SkipsToTheOldestHeld()
    {
        var log = new StateLog<int>(3);
        for (var i = 0; i < 10; i++)
        {
            log.Add(i);
        }

        log.Close();
        Assert.Equal([7, 8, 9], await Read(log));
        Assert.Equal([7, 8, 9], log.Snapshot());
    }

    [Fact]
    public async Task Follow_Cancelled_Stops()
    {
        var log = new StateLog<int>();
        using var cancellation = new CancellationTokenSource();
        var reading = Read(log, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private static async Task<List<T>> Read<T>(StateLog<T> log, CancellationToken cancellation = default)
    {
        var read = new List<T>();
        await foreach (var entry in log.Follow(cancellation))
        {
            read.Add(entry);
        }

        return read;
    }
}
