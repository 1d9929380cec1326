// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;
using Isthmus.Server.Events;
using Isthmus.Sip;

namespace Isthmus.Server.Diagnostics;

/// <summary>Subscriptions and presence as they are shown to people.</summary>
internal static class EventShow
{
    /// <summary>Every subscription, by who is watched.</summary>
    public static IReadOnlyList<SubscriptionView> Subscriptions(EventServer? events) =>
        [.. (events?.Notifier.All ?? []).Select(subscription => Of(subscription, events!.Notifier.Now)).OrderBy(view => view.Watched, StringComparer.Ordinal).ThenBy(view => view.Watcher, StringComparer.Ordinal)];

    /// <summary>Every user of whom something is published or whom somebody watches.</summary>
    public static IReadOnlyList<PresenceView> Presence(EventServer? events) =>
        [.. (events?.Hub.All ?? []).Where(resource => resource.Package is PresencePackage).Select(Of).OrderBy(view => view.User, StringComparer.Ordinal)];

    private static SubscriptionView Of(Subscription subscription, long now) => new(
        subscription.Package.Name,
        NotifyHeadFields.Watched(subscription.Head),
        NotifyHeadFields.Watcher(subscription.Head),
        subscription.Source.Access switch
        {
            Access.Allow => "allow",
            Access.Confirm => "confirm",
            Access.PoliteBlock => "polite-block",
            _ => "deny",
        },
        subscription.IsList,
        subscription.NextHop.EndPoint.Address.Version.DisplayName,
        subscription.NextHop.Transport.UriToken,
        subscription.NextHop.EndPoint.ToString(),
        Math.Max(0, subscription.ExpiresAt - now) / 1000,
        subscription.Notified);

    private static PresenceView Of(EventResource resource)
    {
        bool isRead = PresenceDocument.TryParse(resource.Current(Access.Allow).Octets, out PresenceDocument? document, out _);
        string availability = !isRead ? "" : document!.Availability == Availability.OnThePhone ? "on-the-phone" : document.Availability.ToString().ToLowerInvariant();
        return new(resource.Aor, availability, document?.Note, resource.Publications.Count, resource.Watches.Count);
    }
}
