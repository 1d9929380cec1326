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

    public object? ReadPublished(ReadOnlySpan<byte> body, out string? problem)
    {
        bool isRead = PresenceDocument.TryParse(body, out PresenceDocument? document, out BodyFault? fault);
        problem = isRead ? null : fault!.ToString();
        return document;
    }

    public StateDocument Compose(ResourceState state)
    {
        // Whoever publishes that he is offline is not contradicted by his registration.
        return new StateDocument(PresenceComposition.Compose(state.Aor, state.Publications.Count > 0 ? Published(state) : Registered(state)).ToBytes());
    }

    private static PresenceDocument[] Registered(ResourceState state) => state.Bindings.Count > 0 ? [PresenceDocument.Of(state.Aor, Availability.Online)] : [];

    private static PresenceDocument[] Published(ResourceState state)
    {
        var newestFirst = new PresenceDocument[state.Publications.Count];
        for (int i = 0; i < newestFirst.Length; i++)
        {
            newestFirst[i] = (PresenceDocument)state.Publications[^(i + 1)].State;
        }

        return newestFirst;
    }
}
