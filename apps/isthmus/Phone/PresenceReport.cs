// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Bodies;
using Isthmus.Phone;

namespace Isthmus.App.Phone;

/// <summary>Says who is there, and how watches and publications stand.</summary>
internal static class PresenceReport
{
    public static void Presence(this PhoneReport report, string watched, PresenceState state) => report.Say($"{state.Address}: {Words(state)}", "presence", json =>
    {
        json.WriteString("watched", watched);
        json.WriteString("address", state.Address);
        json.WriteString("name", state.Name);
        json.WriteString("availability", Word(state.Availability));
        json.WriteString("note", state.Note);
        json.WriteStartArray("activities");
        foreach (string activity in state.Activities)
        {
            json.WriteStringValue(activity);
        }

        json.WriteEndArray();
        json.WriteString("subscription", PhoneReport.Lower(state.Subscription));
        json.WriteString("reason", state.Reason);
    });

    public static void Subscription(this PhoneReport report, string watched, SubscriptionState state) => report.Say($"{watched}: {Words(state)}", "subscription", json =>
    {
        json.WriteString("address", watched);
        json.WriteString("phase", PhoneReport.Lower(state.Phase));
        json.WriteNumber("status", state.Status);
        json.WriteString("reason", state.Reason);
        json.WriteString("expires", PhoneReport.Time(state.Expires));
        json.WriteString("nextAttempt", PhoneReport.Time(state.NextAttempt));
    });

    public static void Published(this PhoneReport report, string address, PublicationState state) => report.Say($"{address}: {Words(state)}", "published", json =>
    {
        json.WriteString("address", address);
        json.WriteString("phase", PhoneReport.Lower(state.Phase));
        json.WriteString("availability", Word(state.Availability));
        json.WriteString("note", state.Note);
        json.WriteString("entityTag", state.EntityTag);
        json.WriteNumber("status", state.Status);
        json.WriteString("reason", state.Reason);
        json.WriteString("expires", PhoneReport.Time(state.Expires));
    });

    /// <summary>How somebody is to be seen, in a word.</summary>
    public static string Word(Availability? availability) => availability is { } known ? PhoneReport.Lower(known) : "unknown";

    /// <summary>What is known of somebody, and why no more.</summary>
    public static string Words(PresenceState state)
    {
        string note = state.Note is null ? "" : $" \"{PhoneReport.Printable(state.Note)}\"";
        string why = (state.Subscription, state.Reason) switch
        {
            (SubscriptionPhase.Pending, _) => " (waits for permission)",
            (_, { } reason) => $" ({reason})",
            _ => "",
        };
        return $"{Word(state.Availability)}{note}{why}";
    }

    public static string Words(SubscriptionState state)
    {
        string why = $"{(state.Status is 0 or 200 ? "" : $"{state.Status} ")}{state.Reason}".Trim();
        string reason = why.Length == 0 ? "" : $": {why}";
        return state.Phase switch
        {
            SubscriptionPhase.Pending => "the subscription waits for permission",
            SubscriptionPhase.Waiting => $"not subscribed{reason}; next attempt at {Clock(state.NextAttempt)}",
            SubscriptionPhase.Ended => $"the subscription has ended{reason}",
            SubscriptionPhase.Active => "subscribed",
            _ => "subscribing",
        };
    }

    private static string Words(PublicationState state)
    {
        string what = $"{Word(state.Availability)}{(state.Note is null ? "" : $" \"{state.Note}\"")}";
        string why = $"{(state.Status == 0 ? "" : $"{state.Status} ")}{state.Reason}";
        return state.Phase switch
        {
            PublicationPhase.Published => $"published {what} until {Clock(state.Expires)}, entity tag {state.EntityTag}",
            PublicationPhase.Waiting => $"{what} is not published: {why}; next attempt at {Clock(state.NextAttempt)}",
            PublicationPhase.Ended when state.EntityTag is null && state.Status is >= 200 and < 300 => "removed",
            PublicationPhase.Ended => $"{what} is not published: {why}",
            _ => $"publishing {what}",
        };
    }

    private static string Clock(DateTimeOffset? time) => time?.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture) ?? "no time";
}
