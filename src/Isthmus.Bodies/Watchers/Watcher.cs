// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>One subscription of somebody who watches (RFC 3858 §3.3).</summary>
/// <param name="Id">What makes it known again in the next document.</param>
/// <param name="Uri">Who watches.</param>
/// <param name="Status">How the subscription stands.</param>
/// <param name="Event">What brought it there.</param>
public sealed record Watcher(string Id, string Uri, WatcherStatus Status, WatcherEvent Event)
{
    private static readonly Words<WatcherStatus> Statuses = new(
        (WatcherStatus.Pending, "pending"), (WatcherStatus.Active, "active"), (WatcherStatus.Waiting, "waiting"), (WatcherStatus.Terminated, "terminated"));

    private static readonly Words<WatcherEvent> Events = new(
        (WatcherEvent.Subscribe, "subscribe"), (WatcherEvent.Approved, "approved"), (WatcherEvent.Deactivated, "deactivated"), (WatcherEvent.Probation, "probation"),
        (WatcherEvent.Rejected, "rejected"), (WatcherEvent.Timeout, "timeout"), (WatcherEvent.GiveUp, "giveup"), (WatcherEvent.NoResource, "noresource"));

    /// <summary>The watcher's name; null when not said.</summary>
    public string? DisplayName { get; init; }

    /// <summary>In how many seconds the subscription ends; null when not said.</summary>
    public int? ExpirationSeconds { get; init; }

    /// <summary>For how many seconds there has been the subscription; null when not said.</summary>
    public int? SubscribedSeconds { get; init; }

    // What is not known is taken for the least: a subscription that nobody has decided on.
    internal static Watcher Read(MarkupElement element) => new(
        element.Attribute("id") ?? "", element.Text, Statuses.Value(element.Attribute("status")) ?? WatcherStatus.Pending, Events.Value(element.Attribute("event")) ?? WatcherEvent.Subscribe)
    {
        DisplayName = element.Attribute("display-name"),
        ExpirationSeconds = MarkupText.Number(element.Attribute("expiration")),
        SubscribedSeconds = MarkupText.Number(element.Attribute("duration-subscribed")),
    };

    internal void Write(ref MarkupWriter writer)
    {
        writer.Begin("watcher"u8);
        writer.Attribute("status"u8, Statuses.Word(Status));
        writer.Attribute("event"u8, Events.Word(Event));
        writer.Attribute("id"u8, Id);
        writer.Attribute("display-name"u8, DisplayName);
        writer.Attribute("expiration"u8, ExpirationSeconds);
        writer.Attribute("duration-subscribed"u8, SubscribedSeconds);
        writer.Text(Uri);
        writer.End("watcher"u8);
    }
}
