// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Events;

/// <summary>The resource lists of this server (RFC 4662).</summary>
internal interface IListDirectory
{
    /// <summary>What a subscription to a list shows; null: there is no list of that address, or it is refused.</summary>
    /// <param name="aor">The canonical address that is watched.</param>
    /// <param name="package">The package.</param>
    /// <param name="watcher">The canonical address-of-record of the watcher; null when it is nobody whom the server believes.</param>
    /// <param name="subscribe">The SUBSCRIBE, which may bring the list along (RFC 5367); null for a subscription that outlived a restart.</param>
    /// <param name="hub">Knows the members: <see cref="EventHub.Resource"/>, and <see cref="IEventPackage.Decide"/> for each.</param>
    /// <param name="refusal">Why the list is refused; null: it is not.</param>
    IEventSource? Open(string aor, IEventPackage package, string? watcher, SipRequest? subscribe, EventHub hub, out ListRefusal? refusal);
}
