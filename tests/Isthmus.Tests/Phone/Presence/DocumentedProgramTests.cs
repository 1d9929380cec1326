// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;

namespace Isthmus.Tests.Phone.Presence;

/// <summary>The programs of docs/phone.md, compiled as they stand there.</summary>
public sealed class DocumentedProgramTests
{
    [Fact]
    public void Watching_SomebodyNowhere_Ends()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var phone = scene.Phone(scene.T5);
            await WatchFriends(phone, TestContext.Current.CancellationToken);
        });
    }

    private static async Task WatchFriends(SipPhone phone, CancellationToken stop)
    {
        await using var watch = phone.Watch("sip:friends@example.com");
        await foreach (var state in watch.PresenceStates(stop))
        {
            Console.WriteLine($"{state.Address} is {state.Availability}: {state.Note}");
        }
    }
}
