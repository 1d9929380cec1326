// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Events;
using Isthmus.Server.Storing;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Isthmus.Tests.Server.Events;

public sealed class EventJournalTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Published_WhileTheStoreFails_IsWrittenLater()
    {
        using StoreWriter writer = StoreWriter.Open(null, NullLogger.Instance);
        using var timers = new TimerWheel(_time);
        var journal = new EventJournal(writer, timers);
        writer.Start();
        journal.Published("presence", "sip:alice@example.com", null, Publication(1));
        Assert.Equal([1UL], Kept(writer));

        writer.TryPost(new Statement("ALTER TABLE publication RENAME TO elsewhere"));
        journal.Published("presence", "sip:alice@example.com", Publication(1), Publication(2));
        journal.Published("presence", "sip:bob@example.com", null, Publication(3));
        journal.Published("presence", "sip:bob@example.com", Publication(3), null);
        writer.TryPost(new Statement("ALTER TABLE elsewhere RENAME TO publication"));
        Assert.Equal([1UL], Kept(writer));

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal([2UL], Kept(writer));
    }

    [Fact]
    public void Published_WhileWritesFail_WhatIsNewerStays()
    {
        const string Alice = "sip:alice@example.com";
        using StoreWriter writer = StoreWriter.Open(null, NullLogger.Instance);
        using var timers = new TimerWheel(_time);
        var journal = new EventJournal(writer, timers);
        writer.Start();
        writer.TryPost(new Meanwhile(() =>
        {
            writer.TryPost(new Statement("ALTER TABLE publication RENAME TO elsewhere"));
            journal.Published("presence", Alice, null, Publication(10));
            writer.TryPost(new Meanwhile(
                () =>
                {
                    journal.Published("presence", Alice, null, Publication(11));
                    writer.TryPost(new Statement("ALTER TABLE elsewhere RENAME TO publication"));
                    writer.TryPost(new Meanwhile(() => journal.Published("presence", Alice, Publication(1), null)));
                },
                () => journal.Published("presence", Alice, null, Publication(1))));
        }));

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal([10UL, 11UL], Kept(writer).Order());
    }

    [Fact]
    public void Published_ManyTimesBeforeTheWrite_IsWrittenOnce()
    {
        using StoreWriter writer = StoreWriter.Open(null, NullLogger.Instance);
        using var timers = new TimerWheel(_time);
        var journal = new EventJournal(writer, timers);
        writer.TryPost(new Meanwhile(() =>
        {
            journal.Published("presence", "sip:alice@example.com", null, Publication(0));
            for (ulong i = 1; i <= 100; i++)
            {
                journal.Published("presence", "sip:alice@example.com", Publication(i - 1), Publication(i));
            }
        }));

        Assert.Equal([100UL], Kept(writer));
    }

    private static Publication Publication(ulong tag) => new(tag, [1], new object(), 1000);

    private static ulong[] Kept(StoreWriter writer)
    {
        var kept = new Reading();
        Assert.True(writer.TryPost(kept));
        return kept.Tags;
    }

    private sealed class Statement(string sql) : IStoreWork
    {
        public void Write(StoreConnection store) => store.Statement(sql).Run();

        public void Done(string? problem) => Assert.Null(problem);
    }

    private sealed class Meanwhile(Action action, Action? done = null) : IStoreWork
    {
        public void Write(StoreConnection store) => action();

        public void Done(string? problem)
        {
            Assert.Null(problem);
            done?.Invoke();
        }
    }

    private sealed class Reading : IStoreWork
    {
        public ulong[] Tags { get; private set; } = [];

        public void Write(StoreConnection store) => Tags = [.. EventTable.Publications(store).Select(publication => publication.EntityTag)];

        public void Done(string? problem) => Assert.Null(problem);
    }
}
