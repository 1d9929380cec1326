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
        journal.Published("presence", "sip:alice@example.com", null, Publication("one"));
        Assert.Equal(["one"], Kept(writer));

        writer.TryPost(new Statement("ALTER TABLE publication RENAME TO elsewhere"));
        journal.Published("presence", "sip:alice@example.com", Publication("one"), Publication("two"));
        journal.Published("presence", "sip:bob@example.com", null, Publication("three"));
        journal.Published("presence", "sip:bob@example.com", Publication("three"), null);
        writer.TryPost(new Statement("ALTER TABLE elsewhere RENAME TO publication"));
        Assert.Equal(["one"], Kept(writer));

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["two"], Kept(writer));
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
            journal.Published("presence", Alice, null, Publication("zero"));
            writer.TryPost(new Meanwhile(
                () =>
                {
                    journal.Published("presence", Alice, null, Publication("first"));
                    writer.TryPost(new Statement("ALTER TABLE elsewhere RENAME TO publication"));
                    writer.TryPost(new Meanwhile(() => journal.Published("presence", Alice, Publication("one"), null)));
                },
                () => journal.Published("presence", Alice, null, Publication("one"))));
        }));

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["first", "zero"], Kept(writer).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Published_ManyTimesBeforeTheWrite_IsWrittenOnce()
    {
        using StoreWriter writer = StoreWriter.Open(null, NullLogger.Instance);
        using var timers = new TimerWheel(_time);
        var journal = new EventJournal(writer, timers);
        writer.TryPost(new Meanwhile(() =>
        {
            journal.Published("presence", "sip:alice@example.com", null, Publication("0"));
            for (int i = 1; i <= 100; i++)
            {
                journal.Published("presence", "sip:alice@example.com", Publication($"{i - 1}"), Publication($"{i}"));
            }
        }));

        Assert.Equal(["100"], Kept(writer));
    }

    private static Publication Publication(string tag) => new(tag, [1], new object(), 1000);

    private static string[] Kept(StoreWriter writer)
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
        public string[] Tags { get; private set; } = [];

        public void Write(StoreConnection store) => Tags = [.. EventTable.Publications(store).Select(publication => publication.EntityTag)];

        public void Done(string? problem) => Assert.Null(problem);
    }
}
