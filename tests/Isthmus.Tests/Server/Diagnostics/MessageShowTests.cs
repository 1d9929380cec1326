// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Diagnostics;
using Isthmus.Testing;
using Isthmus.Tests.Server.Messaging;

namespace Isthmus.Tests.Server.Diagnostics;

public sealed class MessageShowTests
{
    [Fact]
    public void All_OfEachMessage_SaysWhatItWaitsFor() => MessageScene.Play(async scene =>
    {
        (string State, long? Next)[] Shown() => [.. MessageShow.All(scene.Mailroom).Select(view => (view.State, view.NextAttempt))];

        await scene.Keep("first", "second");
        Assert.All(MessageShow.All(scene.Mailroom), view => Assert.True(view.IsOfStranger));
        Assert.Equal([("waits", null), ("waits", null)], Shown()); // nobody is there to be tried, whatever the clock says

        ScriptedUa bob = await scene.Bob();
        RawMessage first = await bob.Expect("MESSAGE");
        Assert.Equal([("goes", null), ("queued", null)], Shown());

        bob.Respond(first, 500);
        await scene.Delay(TimeSpan.FromSeconds(10));
        Assert.Equal([("retries", 50), ("queued", null)], Shown());

        bob.Respond(await bob.Expect("MESSAGE", TimeSpan.FromMinutes(1)), 415);
        await bob.Expect("MESSAGE");
        Assert.Equal([("waits", null), ("goes", null)], Shown());
    });
}
