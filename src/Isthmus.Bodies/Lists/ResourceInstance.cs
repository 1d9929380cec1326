// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>A subscription to a resource of a list (RFC 4662 §5.4).</summary>
/// <param name="Id">What makes it known again in the next document.</param>
/// <param name="State">How the subscription stands.</param>
public sealed record ResourceInstance(string Id, ResourceInstanceState State)
{
    private static readonly Words<ResourceInstanceState> States = new(
        (ResourceInstanceState.Active, "active"), (ResourceInstanceState.Pending, "pending"), (ResourceInstanceState.Terminated, "terminated"));

    /// <summary>Why it ended, as in a Subscription-State; null when not said.</summary>
    public string? Reason { get; init; }

    /// <summary>The Content-ID of the part with the resource's state, without the brackets; null when there is none.</summary>
    public string? ContentId { get; init; }

    internal static ResourceInstance Read(MarkupElement element) => new(
        element.Attribute("id") ?? "", States.Value(element.Attribute("state")) ?? ResourceInstanceState.Pending)
    {
        Reason = element.Attribute("reason"),
        ContentId = element.Attribute("cid"),
    };

    internal void Write(ref MarkupWriter writer)
    {
        writer.Begin("instance"u8);
        writer.Attribute("id"u8, Id);
        writer.Attribute("state"u8, States.Word(State));
        writer.Attribute("reason"u8, Reason);
        writer.Attribute("cid"u8, ContentId);
        writer.End("instance"u8);
    }
}
