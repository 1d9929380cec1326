// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Messaging;
using Isthmus.Server.Storing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Tests.Server.Messaging;

/// <summary>Who was there once is written down, also when the store could not be written for a while.</summary>
public sealed class FormerUsersTests
{
    [Fact]
    public void Done_WhatWasNotWritten_ComesAgainWithTheNextOneWhoLeaves()
    {
        StoreWriter closed = StoreWriter.Open(null, NullLogger.Instance);
        closed.Dispose();
        var users = new FormerUsers(closed, most: 2); // which takes nothing: here the test is the writer
        using var store = new StoreConnection(null);

        users.Left("sip:alice@example.com");
        users.Write(store);
        store.Statement("DELETE FROM former_user").Run(); // as an undone transaction leaves it
        users.Done("the disk is full");
        Assert.False(FormerUsers.Has(store, "sip:alice@example.com"));

        users.Left("sip:bob@example.com");
        users.Write(store);
        users.Done(null);
        Assert.True(FormerUsers.Has(store, "sip:alice@example.com"));
        Assert.True(FormerUsers.Has(store, "sip:bob@example.com"));

        users.Left("sip:carol@example.com"); // one more than are remembered
        users.Write(store);
        Assert.False(FormerUsers.Has(store, "sip:carol@example.com"));
    }
}
