// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Messaging;
using Isthmus.Server.Storing;
using Isthmus.Testing;
using Isthmus.Tests.Server.Location;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Tests.Server.Messaging;

/// <summary>Who was there once is written down, also when the store could not be written for a while.</summary>
public sealed class FormerUsersTests
{
    private readonly SimulatedTime _time = new();
    private readonly FormerUsers _users;

    public FormerUsersTests()
    {
        StoreWriter closed = StoreWriter.Open(null, NullLogger.Instance);
        closed.Dispose();
        _users = new FormerUsers(closed, most: 2, _time); // which takes nothing: here the test is the writer
    }

    [Fact]
    public void Done_WhatWasNotWritten_ComesAgainWithTheNextOneWhoLeaves()
    {
        using var store = new StoreConnection(null);
        _users.Left("sip:alice@example.com");
        _users.Write(store);
        store.Statement("DELETE FROM former_user").Run(); // as an undone transaction leaves it
        _users.Done("the disk is full");
        Assert.False(FormerUsers.Has(store, "sip:alice@example.com"));

        Leave(store, "bob");
        Assert.Equal(["alice", "bob"], Remembered(store));
    }

    [Fact]
    public void Write_MoreThanAreRemembered_ForgetsThoseWhoWentFirst()
    {
        using var store = new StoreConnection(null);
        Leave(store, "alice");
        Leave(store, "bob");
        Leave(store, "alice"); // who was here meanwhile
        Leave(store, "carol");
        Assert.Equal(["alice", "carol"], Remembered(store));
        Leave(store, "dave");
        Assert.Equal(["carol", "dave"], Remembered(store));

        _users.Left("sip:eve@example.com");
        _users.Write(store);
        store.Statement("DELETE FROM former_user WHERE aor LIKE 'sip:eve%'").Run();
        store.Statement("INSERT INTO former_user (aor, since) VALUES ('sip:carol@example.com', 1)").Run(); // as an undone transaction leaves it
        _users.Done("the disk is full");
        Leave(store, "frank");
        Assert.Equal(["eve", "frank"], Remembered(store));
    }

    [Fact]
    public void Open_StoreOfTheSeventhSchema_KeepsWhatIsThere()
    {
        using var folder = new TemporaryFolder();
        using (var store = new StoreConnection(folder["isthmus.db"]))
        {
            store.Statement("INSERT INTO former_user (aor) VALUES ('sip:alice@example.com')").Run();
            store.Statement("INSERT INTO message (id, aor, sender, call_id, cseq, from_tag, received, expires, type, size) VALUES (1, 'a', 'b', 'c', 1, 't', 0, 9, '', 1)").Run();
            string[] back = ["DROP INDEX former_user_since", "ALTER TABLE former_user DROP COLUMN since", "ALTER TABLE message DROP COLUMN of_stranger", "PRAGMA user_version = 7"];
            Array.ForEach(back, statement => store.Statement(statement).Run());
        }

        using var upgraded = new StoreConnection(folder["isthmus.db"]);
        Leave(upgraded, "bob");
        Leave(upgraded, "carol");
        Leave(upgraded, "dave");
        Assert.Equal(["bob", "carol", "dave"], Remembered(upgraded)); // of Alice it is not known when she went: she was the first
        Assert.False(Assert.Single(MessageTable.All(upgraded, new MessageKeys(new byte[32]))).Message.IsOfStranger);
    }

    private void Leave(StoreConnection store, string user)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        _users.Left($"sip:{user}@example.com");
        _users.Write(store);
        _users.Done(null);
    }

    private static string[] Remembered(StoreConnection store) =>
        [.. ((string[])["alice", "bob", "carol", "dave", "eve", "frank"]).Where(user => FormerUsers.Has(store, $"sip:{user}@example.com"))];
}
