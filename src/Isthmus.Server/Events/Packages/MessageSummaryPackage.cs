// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;
using Isthmus.Server.Messaging;

namespace Isthmus.Server.Events;

/// <summary>Whether messages wait for a user (RFC 3842): as his voice mail publishes it, and those that this server keeps for him. For the user alone.</summary>
/// <param name="kept">Knows how many are kept here; null: none are.</param>
internal sealed class MessageSummaryPackage(IWaitingMessages? kept) : IEventPackage
{
    /// <summary>The name of the package.</summary>
    public const string PackageName = "message-summary";

    private const string TextMessages = "Text-Message"; // RFC 3458 §3

    public string Name => PackageName;

    public string ContentType => MessageSummary.ContentType;

    public StateSources Sources => StateSources.Publications;

    public Access Decide(in WatchQuestion question) => question.ForOwnerOnly;

    public object? ReadPublished(ReadOnlySpan<byte> body, out string? problem)
    {
        bool isRead = MessageSummary.TryParse(body, out MessageSummary? summary, out BodyFault? fault);
        problem = isRead ? null : fault!.ToString();
        return summary;
    }

    public StateDocument Compose(ResourceState state)
    {
        IEnumerable<MessageSummary> summaries = state.Publications.Select(publication => (MessageSummary)publication.State);
        return new(MessageSummary.Compose(kept?.CountFor(state.Aor) is > 0 and var count ? summaries.Append(Kept(count)) : summaries).ToBytes());
    }

    private static MessageSummary Kept(int count) => new(true) { Counts = [new(TextMessages, (uint)count, 0)] };
}
