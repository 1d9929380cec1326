// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Isthmus.Bodies;
using Isthmus.Sip;

namespace Isthmus.Server.Events;

/// <summary>A member of a list as one subscription shows it: what the watcher may see of it, and what it has seen.</summary>
internal sealed class WatchedMember
{
    /// <summary>The id of what is told of a member.</summary>
    public const string TheOnlyInstance = "1";

    /// <summary>Why nothing is told of a member of another domain (RFC 4662 §5.5).</summary>
    public const string NotKnownHere = "noresource";

    private readonly ListMember _member;
    private readonly string? _aor;
    private readonly ListQuestion _asked;
    private IResourceWatcher? _watcher;
    private ResourceWatch? _watch;
    private StateDocument? _taken;
    private bool _isNews;
    private uint _version;

    /// <param name="member">The member.</param>
    /// <param name="aor">Its canonical address-of-record; null: it is not of our domains.</param>
    /// <param name="asked">Who watches.</param>
    public WatchedMember(ListMember member, string? aor, ListQuestion asked)
    {
        (_member, _aor, _asked) = (member, aor, asked);
        Decide();
    }

    /// <summary>Its URI as the list has it.</summary>
    public string Uri => _member.Uri;

    /// <summary>Whether its state is still to be told, since there was no room for it.</summary>
    public bool IsPostponed { get; private set; }

    /// <summary>It is watched from now on.</summary>
    public void Begin(IResourceWatcher watcher)
    {
        _watcher = watcher;
        _watch?.Begin(watcher);
    }

    /// <summary>It is not watched any more.</summary>
    public void End() => _watch?.End();

    /// <summary>Asks the rules, again when they may be others. Whoever is refused leaves nothing behind at the member.</summary>
    /// <returns>Whether the watcher sees something else than before.</returns>
    public bool Decide()
    {
        if (_aor is null || !(_watch is null ? TryWatch(_aor) : _watch.Decide()))
        {
            return false;
        }

        if (_watch is { Access: Access.Deny } refused)
        {
            refused.End();
            _watch = null;
        }

        (_taken, _isNews) = (null, true);
        return true;
    }

    /// <summary>What is told of it now; null: nothing that is new.</summary>
    /// <param name="isFull">Whether also what is not new is told.</param>
    /// <param name="package">The package of its state.</param>
    /// <param name="domain">The domain that its part is named in.</param>
    /// <param name="room">How many octets its state may have; one that has more is told later, and it is only named now.</param>
    /// <param name="part">Its state; null when there is none to be seen.</param>
    public ListedResource? Take(bool isFull, IEventPackage package, string domain, int room, out BodyPart? part)
    {
        (part, IsPostponed) = (null, false);
        bool isTold = isFull || _isNews;
        _isNews = false;
        if (_watch is not { Access: not Access.Confirm } watch)
        {
            return isTold ? _member.Listed(WithoutState()) : null;
        }

        StateDocument current = watch.Current;
        if (!isFull && ReferenceEquals(current, _taken))
        {
            return null;
        }

        if (current.MostOctets > room)
        {
            (_taken, IsPostponed) = (null, true);
            return isFull ? _member.Listed(null) : null;
        }

        _taken = current;
        part = PartOf(current, package, domain);
        return _member.Listed(new(TheOnlyInstance, ResourceInstanceState.Active) { ContentId = part.ContentId });
    }

    private bool TryWatch(string aor)
    {
        Access access = _asked.Package.Decide(new(aor, _asked.Watcher));
        if (access == Access.Deny)
        {
            return false;
        }

        _watch = new ResourceWatch(_asked.Hub, _asked.Package, aor, access) { AskedBy = _asked.Watcher };
        if (_watcher is not null)
        {
            _watch.Begin(_watcher);
        }

        return true;
    }

    // RFC 4662 §5.5.
    private ResourceInstance WithoutState() => _watch is not null
        ? new(TheOnlyInstance, ResourceInstanceState.Pending)
        : new(TheOnlyInstance, ResourceInstanceState.Terminated) { Reason = _aor is null ? NotKnownHere : "rejected" };

    private BodyPart PartOf(StateDocument document, IEventPackage package, string domain)
    {
        byte[] octets = new byte[document.Length(_version)];
        document.Write(_version++, octets);

        // The same state has the same name, and another one another (RFC 2392).
        ulong name = new KeyedHash(0, 0).Of([.. Encoding.UTF8.GetBytes(Uri), .. octets]);
        return new(package.ContentType, octets) { ContentId = string.Create(CultureInfo.InvariantCulture, $"{name:x16}@{domain}") };
    }
}
