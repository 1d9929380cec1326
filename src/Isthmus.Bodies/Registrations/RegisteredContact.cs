// SPDX-License-Identifier: Apache-2.0
using static Isthmus.Bodies.RegistrationInfo;

namespace Isthmus.Bodies;

/// <summary>One contact that is registered (RFC 3680 §5.3).</summary>
/// <param name="Id">What makes it known again in the next document.</param>
/// <param name="Uri">The contact.</param>
/// <param name="IsActive">Whether it is registered; false: no longer.</param>
/// <param name="Event">What brought it there.</param>
public sealed record RegisteredContact(string Id, string Uri, bool IsActive, ContactEvent Event)
{
    private static readonly Words<ContactEvent> Events = new(
        (ContactEvent.Registered, "registered"), (ContactEvent.Created, "created"), (ContactEvent.Refreshed, "refreshed"), (ContactEvent.Shortened, "shortened"),
        (ContactEvent.Expired, "expired"), (ContactEvent.Deactivated, "deactivated"), (ContactEvent.Probation, "probation"),
        (ContactEvent.Unregistered, "unregistered"), (ContactEvent.Rejected, "rejected"));

    /// <summary>Its name; null when not said.</summary>
    public string? DisplayName { get; init; }

    /// <summary>In how many seconds it ends; null when not said.</summary>
    public int? ExpiresSeconds { get; init; }

    /// <summary>For how many seconds it has been registered; null when not said.</summary>
    public int? RegisteredSeconds { get; init; }

    /// <summary>Its preference from 0 to 1; null when not said.</summary>
    public double? Q { get; init; }

    /// <summary>The Call-ID of the REGISTER; null when not said.</summary>
    public string? CallId { get; init; }

    /// <summary>The CSeq number of the REGISTER; null when not said.</summary>
    public long? CSeq { get; init; }

    internal static RegisteredContact Read(MarkupElement element) => new(
        element.Attribute("id") ?? "",
        element.TextOf(Namespace, "uri") ?? "",
        element.Attribute("state") == "active",
        Events.Value(element.Attribute("event")) ?? ContactEvent.Registered)
    {
        DisplayName = element.TextOf(Namespace, "display-name"),
        ExpiresSeconds = MarkupText.Number(element.Attribute("expires")),
        RegisteredSeconds = MarkupText.Number(element.Attribute("duration-registered")),
        Q = MarkupText.Preference(element.Attribute("q")),
        CallId = element.Attribute("callid"),
        CSeq = MarkupText.Number(element.Attribute("cseq")),
    };

    internal void Write(ref MarkupWriter writer)
    {
        writer.Begin("contact"u8);
        writer.Attribute("id"u8, Id);
        writer.Attribute("state"u8, IsActive ? "active"u8 : "terminated"u8);
        writer.Attribute("event"u8, Events.Word(Event));
        writer.Attribute("duration-registered"u8, RegisteredSeconds);
        writer.Attribute("expires"u8, ExpiresSeconds);
        writer.Attribute("q"u8, MarkupText.Preference(Q));
        writer.Attribute("callid"u8, CallId);
        writer.Attribute("cseq"u8, CSeq);
        writer.Element("uri"u8, Uri);
        writer.Element("display-name"u8, DisplayName);
        writer.End("contact"u8);
    }
}
