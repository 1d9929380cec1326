// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Server.Events;

/// <summary>Whether messages wait for a user (RFC 3842), as his voice mail publishes it. For the user alone.</summary>
internal sealed class MessageSummaryPackage : IEventPackage
{
    public string Name => "message-summary";

    public string ContentType => MessageSummary.ContentType;

    public StateSources Sources => StateSources.Publications;

    public Access Decide(in WatchQuestion question) => question.ForOwnerOnly;

    public object? ReadPublished(string contentType, ReadOnlySpan<byte> body, out string? problem)
    {
        bool isRead = MessageSummary.TryParse(body, out MessageSummary? summary, out BodyFault? fault);
        problem = isRead ? null : fault!.ToString();
        return summary;
    }

    public StateDocument Compose(ResourceState state) =>
        new(MessageSummary.Compose(state.Publications.Select(publication => (MessageSummary)publication.State)).ToBytes());
}
