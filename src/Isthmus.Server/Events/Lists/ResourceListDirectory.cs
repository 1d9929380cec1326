// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using Isthmus.Server.Hosting;
using Isthmus.Sip;

namespace Isthmus.Server.Events;

/// <summary>The resource lists of the configuration (RFC 4662), and those that a SUBSCRIBE brings along (RFC 5367).</summary>
internal sealed class ResourceListDirectory : IListDirectory
{
    /// <summary>How many members a list may have; fewer where their names are long (<see cref="ListRoom"/>).</summary>
    public const int MostMembers = 200;

    /// <summary>Why a list is refused that is too long.</summary>
    public static readonly ListRefusal TooMany = new(403, "Too Many Members");

    private readonly FrozenDictionary<string, ResourceListOptions> _lists;
    private readonly Domains _domains;
    private readonly int _most;
    private int _watched;

    /// <param name="options">The lists, and how many members may be watched by way of all lists: as many as there may be subscriptions.</param>
    /// <param name="domains">Makes addresses canonical.</param>
    public ResourceListDirectory(ServerOptions options, Domains domains)
    {
        (_domains, _most) = (domains, options.Limits.Subscriptions);
        _lists = options.Lists
            .Select(list => (Aor: list.Address is { } address ? domains.AorOf(address) : null, List: list))
            .Where(list => list.Aor is not null)
            .DistinctBy(list => list.Aor)
            .ToFrozenDictionary(list => list.Aor!, list => list.List, StringComparer.Ordinal);
    }

    public IEventSource? Open(string aor, IEventPackage package, string? watcher, SipRequest? subscribe, EventHub hub, out ListRefusal? refusal)
    {
        refusal = null;
        if (watcher is null)
        {
            return null; // who is nobody is not told either whether there is such a list
        }

        var asked = new ListQuestion(aor, package, watcher, hub, subscribe?.Text(HeaderName.UserAgent)?.StartsWith("Linphone", StringComparison.OrdinalIgnoreCase) == true);
        if (subscribe is not null && RecipientList.IsIn(subscribe))
        {
            return RecipientList.TryRead(subscribe, out IReadOnlyList<ListMember>? members, out refusal) ? Open(asked, null, members, out refusal) : null;
        }

        return _lists.TryGetValue(aor, out ResourceListOptions? list)
            ? Open(asked, list.Name, [.. list.Members.Select(member => new ListMember(member.ToString()))], out refusal)
            : null;
    }

    /// <summary>The canonical address-of-record of a member; null: it is not of our domains, and nothing is known of it here.</summary>
    public string? AorOf(string member) => SipUri.TryParse(member, out SipUri? uri) ? _domains.AorOf(uri) : null;

    /// <summary>Whether so many members more may be watched.</summary>
    public bool HasRoomFor(int members) => Volatile.Read(ref _watched) + members <= _most;

    /// <summary>So many members more are watched; less, when it is negative.</summary>
    public void Count(int members) => Interlocked.Add(ref _watched, members);

    private ResourceListSource? Open(ListQuestion asked, string? name, IReadOnlyList<ListMember> members, out ListRefusal? refusal)
    {
        var room = new ListRoom(asked.Aor, name, members);
        refusal = !room.IsEnough ? TooMany : !HasRoomFor(members.Count) ? new(503, "Too Many Subscriptions") : null;
        return refusal is null ? new(this, asked, name, members, room) : null;
    }
}
