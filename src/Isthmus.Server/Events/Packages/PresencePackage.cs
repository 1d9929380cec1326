// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Server.Events;

/// <summary>Presence (RFC 3856): what the devices of a user publish, composed, and that he is registered where none of them says more.</summary>
internal sealed class PresencePackage(PresenceOptions options, WatchRules rules) : IEventPackage
{
    public string Name => "presence";

    public string ContentType => PresenceDocument.ContentType;

    public StateSources Sources => StateSources.Publications | (options.FromRegistration ? StateSources.Bindings : StateSources.None);

    public Access Decide(in WatchQuestion question) => rules.Decide(question);

    public object? ReadPublished(string contentType, ReadOnlySpan<byte> body, out string? problem)
    {
        bool isRead = PresenceDocument.TryParse(body, out PresenceDocument? document, out BodyFault? fault);
        problem = isRead ? null : fault!.ToString();
        return document;
    }

    public StateDocument Compose(ResourceState state)
    {
        List<PresenceDocument> newestFirst = [.. state.Publications.Reverse().Select(publication => (PresenceDocument)publication.State)];
        if (state.Bindings.Count > 0)
        {
            newestFirst.Add(PresenceDocument.Of(state.Aor, Availability.Online));
        }

        return new StateDocument(PresenceComposition.Compose(state.Aor, newestFirst).ToBytes());
    }
}
