// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Server.Events;

/// <summary>Who watches a user by another package (RFC 3857). For the user alone.</summary>
/// <param name="watched">The name of the other package.</param>
internal sealed class WatcherInfoPackage(string watched) : IEventPackage
{
    public string Name { get; } = watched + ".winfo";

    public string ContentType => WatcherInfo.ContentType;

    public StateSources Sources => StateSources.Watchers;

    public Access Decide(in WatchQuestion question) => question.ForOwnerOnly;

    // Who is blocked politely believes to watch, so that is what the subscription is: active.
    public StateDocument Compose(ResourceState state) => CountedDocument.Of(new WatcherInfo(null, IsFull: true)
    {
        Lists =
        [
            new(state.Aor, watched)
            {
                Watchers = [.. state.Watchers.Select(Shown)],
                LeftOut = state.WatchersLeftOut,
            },
        ],
    }.ToBytes());

    private static Watcher Shown(WatcherEntry watcher) => new(
        watcher.Id,
        watcher.Uri,
        watcher.Access == Access.Confirm ? WatcherStatus.Pending : WatcherStatus.Active,
        watcher.IsApproved ? WatcherEvent.Approved : WatcherEvent.Subscribe);
}
