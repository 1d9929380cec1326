// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Immutable;
using Isthmus.Bodies;
using Isthmus.Sip;

namespace Isthmus.Server.Events;

/// <summary>
/// What a subscription to a list shows (RFC 4662 §5): all members after each SUBSCRIBE, and between them only those of which there is news. Watching a
/// member by way of a list is no different from watching it: the same rules, and the same document, which is composed once for all who watch. States that do not
/// fit into one NOTIFY, which has to go by a datagram, follow in the next ones; until then their members are there without a state.
/// </summary>
/// <param name="directory">Counts the members that are watched.</param>
/// <param name="asked">Who watches what.</param>
/// <param name="name">The list's name for people; null: none.</param>
/// <param name="members">The members.</param>
/// <param name="room">What one NOTIFY has room for.</param>
internal sealed class ResourceListSource(ResourceListDirectory directory, ListQuestion asked, string? name, IReadOnlyList<ListMember> members, ListRoom room)
    : IEventSource, IResourceWatcher
{
    // linphone subscribes to "presence", and of the answers reads those to "Presence", which is what its own server says.
    private const string PresenceForLinphone = "Presence";

    private static ReadOnlySpan<byte> EventForLinphone => "\r\nEvent: Presence\r\n"u8;

    private ListRoom _room = room;
    private WatchedMember[] _members = Watched(directory, asked, members);
    private Subscription? _subscription;
    private bool _isForLinphone = asked.IsLinphone;

    public Access Access => Access.Allow;

    public bool IsList => true;

    public string? EventInNotify => asked.IsLinphone && asked.Package.Name == "presence" ? PresenceForLinphone : null;

    public bool HasMore { get; private set; }

    public bool Decide() => Array.FindAll(_members, static member => member.Decide()).Length > 0;

    public void Attach(Subscription subscription)
    {
        _subscription = subscription;
        _isForLinphone |= subscription.Head.AsSpan().IndexOf(EventForLinphone) >= 0; // it outlived a restart
        Watch(_members);
    }

    public void Detach()
    {
        Leave(_members);
        (_members, _subscription) = ([], null);
    }

    // RFC 5367 §4: a SUBSCRIBE within the dialog may bring another list.
    public void Renewed(SipRequest subscribe)
    {
        if (!RecipientList.IsIn(subscribe) || !RecipientList.TryRead(subscribe, out IReadOnlyList<ListMember>? others, out _)
            || others.Select(member => member.Uri).SequenceEqual(_members.Select(member => member.Uri)) || !directory.HasRoomFor(others.Count)
            || new ListRoom(asked.Aor, name, others) is not { IsEnough: true } room)
        {
            return;
        }

        WatchedMember[] before = _members;
        (_members, _room) = (Watched(directory, asked, others), room);
        Watch(_members);
        Leave(before);
    }

    public StateDocument? Take(bool isFull)
    {
        ImmutableArray<ListedResource>.Builder resources = ImmutableArray.CreateBuilder<ListedResource>();
        List<BodyPart> parts = [];
        int left = _room.ForStates;
        foreach (WatchedMember member in _members)
        {
            if (member.Take(isFull, asked.Package, _room.Domain, left - _room.AroundAState, out BodyPart? part) is { } resource)
            {
                resources.Add(resource);
            }

            if (part is not null)
            {
                parts.Add(part);
                left -= part.Content.Length + _room.AroundAState;
            }
        }

        HasMore = Array.Exists(_members, member => member.IsPostponed);
        if (resources.Count == 0 && !isFull)
        {
            return null;
        }

        var root = new BodyPart(ResourceListInfo.ContentType, Info(isFull, resources.DrainToImmutable()).ToBytes()) { ContentId = "list@" + _room.Domain };
        var octets = new ArrayBufferWriter<byte>(1024);
        string contentType = new MultipartBody([root, .. parts]) { WritesBareNames = _isForLinphone }.WriteTo(octets);
        return CountedDocument.Of(octets.WrittenSpan.ToArray(), contentType);
    }

    // As for a subscription to one: who may not see a member's state does not hear when it changes.
    public void ResourceChanged(ResourceWatch watch)
    {
        if (watch.Access == Access.Allow)
        {
            _subscription?.Changed();
        }
    }

    public WatcherEntry? AsWatcher(Access access) => _subscription?.AsWatcher(access);

    private ResourceListInfo Info(bool isFull, ImmutableArray<ListedResource> resources) => new(asked.Aor, null, isFull) { Name = name, Resources = resources };

    private void Watch(WatchedMember[] members)
    {
        directory.Count(members.Length);
        Array.ForEach(members, member => member.Begin(this));
    }

    private void Leave(WatchedMember[] members)
    {
        Array.ForEach(members, member => member.End());
        directory.Count(-members.Length);
    }

    private static WatchedMember[] Watched(ResourceListDirectory directory, ListQuestion asked, IReadOnlyList<ListMember> members) =>
        [.. members.Select(member => new WatchedMember(member, directory.AorOf(member.Uri), asked))];
}
