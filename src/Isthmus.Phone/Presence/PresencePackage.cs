// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>The presence package as a watcher reads it (RFC 3856): one user's document, or a list's with one for each of its users (RFC 4662 §5.6).</summary>
internal sealed class PresencePackage(string address, Action<PresenceState> told) : INotificationReader
{
    /// <summary>Users of one list that are told of; more are left out.</summary>
    private const int MostUsers = 4096;

    private const string Related = "multipart/related";
    private static readonly BodyLimits Limits = new() { MaxBytes = 256 * 1024, MaxElements = 16 * MostUsers };

    private readonly Dictionary<string, PresenceState> _known = new(StringComparer.Ordinal);
    private long _version = -1;

    public string Package => "presence";

    public string Accept { get; } = $"{PresenceDocument.ContentType}, {Related}, {ResourceListInfo.ContentType}";

    public string? Supported => "eventlist";

    public void Begin() => _version = -1;

    public NotificationFit Read(SipRequest notify)
    {
        var type = notify.Text(HeaderName.ContentType);
        switch (MediaType.Parse(type)?.Name)
        {
            case "application/pidf+xml":
                Tell(Document(notify.Body, address));
                return NotificationFit.Read;
            case Related:
                return ReadList(type!, notify.Body.ToArray());
            default:
                return NotificationFit.WrongType;
        }
    }

    private static PresenceState Document(ReadOnlySpan<byte> body, string whose) => PresenceDocument.TryParse(body, out var document, out var fault, Limits)
        ? new PresenceState(whose, document.Availability)
        {
            Note = document.Note,
            Activities = [.. document.Persons.SelectMany(person => person.Activities).Select(activity => activity.Name).Distinct()],
        }
        : new PresenceState(whose, null) { Reason = $"cannot be read: {fault}" };

    private NotificationFit ReadList(string type, byte[] body)
    {
        if (!MultipartBody.TryParse(body, type, out var parts, out var fault, Limits) || !ResourceListInfo.TryParse(parts.Root is { } root ? root.Content.Span : default, out var list, out fault, Limits))
        {
            Tell(new PresenceState(address, null) { Reason = $"cannot be read: {fault}" });
            return NotificationFit.Read;
        }

        if (list.Version <= _version)
        {
            return NotificationFit.Read; // older than what is known
        }

        var isGap = !list.IsFull && list.Version != _version + 1;
        _version = list.Version ?? 0;
        var gone = list.IsFull ? _known.Keys.Except(list.Resources.Select(resource => resource.Uri)).ToList() : [];
        foreach (var uri in gone)
        {
            Tell(new PresenceState(uri, null) { Subscription = SubscriptionPhase.Ended, Reason = "noresource" });
            _known.Remove(uri);
        }

        foreach (var resource in list.Resources)
        {
            if (resource.Instances.FirstOrDefault() is { } instance)
            {
                var part = instance.ContentId is { } id ? parts.Find(id) : null;
                var state = part is null ? new PresenceState(resource.Uri, null) : Document(part.Content.Span, resource.Uri);
                Tell(state with
                {
                    Name = resource.Name,
                    Reason = instance.Reason ?? state.Reason,
                    Subscription = instance.State switch
                    {
                        ResourceInstanceState.Active => SubscriptionPhase.Active,
                        ResourceInstanceState.Pending => SubscriptionPhase.Pending,
                        _ => SubscriptionPhase.Ended,
                    },
                });
            }
            else
            {
                Tell(new PresenceState(resource.Uri, null) { Name = resource.Name, Subscription = SubscriptionPhase.Pending });
            }
        }

        return isGap ? NotificationFit.Gap : NotificationFit.Read;
    }

    /// <summary>What is news is told.</summary>
    private void Tell(PresenceState state)
    {
        if (_known.TryGetValue(state.Address, out var known) ? !known.Equals(state) : _known.Count < MostUsers)
        {
            _known[state.Address] = state;
            told(state);
        }
    }
}
