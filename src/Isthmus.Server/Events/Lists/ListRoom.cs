// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Server.Events;

/// <summary>What one NOTIFY for a list has room for: with its head, which repeats what the SUBSCRIBE said, it fits into a datagram.</summary>
internal sealed class ListRoom
{
    // Of 65,507 octets on IPv4; the rest is for the head (SubscribeHandler.LongestHead) and the fields behind it.
    private const int Most = 60_000;
    private const int AroundNothing = 256;

    // A member of whom the watcher sees nothing takes more than one whose state is told.
    private static readonly ResourceInstance TheLongest = new(WatchedMember.TheOnlyInstance, ResourceInstanceState.Terminated) { Reason = WatchedMember.NotKnownHere };

    /// <param name="aor">The address of the list.</param>
    /// <param name="name">Its name for people; null: none.</param>
    /// <param name="members">Its members, all of which the first NOTIFY names (RFC 4662 §5.2).</param>
    public ListRoom(string aor, string? name, IEnumerable<ListMember> members)
    {
        Domain = aor[(aor.IndexOf('@', StringComparison.Ordinal) + 1)..];
        AroundAState = AroundNothing + (3 * Domain.Length);
        var all = new ResourceListInfo(aor, null, IsFull: true) { Name = name, Resources = [.. members.Select(static member => member.Listed(TheLongest))] };
        ForStates = Most - all.ToBytes().Length - AroundAState;
    }

    /// <summary>The domain that the parts are named in.</summary>
    public string Domain { get; }

    /// <summary>Octets for all states, with what is around each.</summary>
    public int ForStates { get; }

    /// <summary>Octets around one state.</summary>
    public int AroundAState { get; }

    /// <summary>Whether the longest state has room; else the list cannot be told.</summary>
    public bool IsEnough => ForStates >= StateDocument.Most + AroundAState;
}
