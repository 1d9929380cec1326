// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;
using Isthmus.Server;
using Isthmus.Server.Events;

namespace Isthmus.Tests.Server.Events;

public sealed class EventResourceTests
{
    private const string Bob = "sip:bob@example.com";

    [Fact]
    public void Resource_ManyThreadsWatchPublishAndLookAtIt_NothingIsLostOrLeft() => ServerWorld.Play(s =>
    {
        EventHub hub = s.Proxy.Events.Hub;
        PublicationTable publications = s.Proxy.Events.Publications;
        IEventPackage presence = hub.Packages.Find("presence")!;
        PresenceDocument[] said = [.. Enum.GetValues<Availability>().Select(availability => PresenceDocument.Of(Bob, availability))];
        int failures = 0;

        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, thread =>
        {
            var watcher = new Counting();
            for (int i = 0; i < 3000; i++)
            {
                PresenceDocument mine = said[(thread + i) % said.Length];
                var watch = new ResourceWatch(hub, presence, Bob, Access.Allow);
                watch.Begin(watcher);
                PublishResult made = publications.Publish(hub, presence, Bob, new(null, 60) { State = mine, Length = 1 }, [1]);
                hub.Changed(presence, Bob);
                bool isSeen = watcher.Count > 0 && PresenceDocument.TryParse(watch.Current.Octets, out PresenceDocument? seen, out _) && seen.Tuples.Length > 0;
                PublishResult removed = publications.Publish(hub, presence, Bob, new(made.EntityTag, 0), []);
                watch.End();
                Interlocked.Add(ref failures, isSeen && made.Outcome == PublishOutcome.Done && removed.Outcome == PublishOutcome.Done ? 0 : 1);
            }
        });

        Assert.Equal((0, 0), (failures, publications.Count));
        Assert.Empty(hub.All);
        return Task.CompletedTask;
    });

    [Fact]
    public void Current_NothingHasChanged_IsTheSameDocument() => ServerWorld.Play(s =>
    {
        EventHub hub = s.Proxy.Events.Hub;
        var watch = new ResourceWatch(hub, hub.Packages.Find("presence")!, Bob, Access.Allow);
        watch.Begin(new Counting());
        StateDocument before = watch.Current;
        hub.Changed("presence", Bob);
        Assert.Same(before, watch.Current);
        return Task.CompletedTask;
    });

    private sealed class Counting : IResourceWatcher
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void ResourceChanged(ResourceWatch watch) => Interlocked.Increment(ref _count);

        public WatcherEntry? AsWatcher(Access access) => null;
    }
}
