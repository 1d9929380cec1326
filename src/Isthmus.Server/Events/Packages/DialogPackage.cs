// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Server.Events;

/// <summary>
/// The calls of a user, as his phones publish them (RFC 4235): the server does not guess them from what passes by. For the user alone, since who knows a call's
/// tags can take it over (RFC 4235 §6).
/// </summary>
internal sealed class DialogPackage : IEventPackage
{
    public string Name => "dialog";

    public string ContentType => DialogInfo.ContentType;

    public StateSources Sources => StateSources.Publications;

    public Access Decide(in WatchQuestion question) => question.ForOwnerOnly;

    public object? ReadPublished(ReadOnlySpan<byte> body, out string? problem)
    {
        bool isRead = DialogInfo.TryParse(body, out DialogInfo? info, out BodyFault? fault);
        problem = isRead ? null : fault!.ToString();
        return info;
    }

    public StateDocument Compose(ResourceState state) =>
        CountedDocument.Of(DialogInfo.Compose(state.Aor, state.Publications.Select(publication => (DialogInfo)publication.State)).ToBytes());
}
