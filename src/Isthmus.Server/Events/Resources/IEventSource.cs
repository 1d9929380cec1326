// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Events;

/// <summary>What one subscription shows: one resource, or a list of them (RFC 4662). There is one for each subscription.</summary>
internal interface IEventSource
{
    /// <summary>What the watcher sees.</summary>
    Access Access { get; }

    /// <summary>Asks the rules again, which may be others now. On the owner of the subscription's conversation, as what follows.</summary>
    /// <returns>Whether the watcher sees something else than before.</returns>
    bool Decide();

    /// <summary>Whether it is a list, which the watcher must understand: 200 and NOTIFY say <c>Require: eventlist</c>.</summary>
    bool IsList { get; }

    /// <summary>What the NOTIFYs say in Event instead of what the SUBSCRIBE said; null: what it said.</summary>
    string? EventInNotify => null;

    /// <summary>Whether what was taken last was not all that there is: the rest is taken when the watcher has answered.</summary>
    bool HasMore => false;

    /// <summary>The subscription begins: <see cref="Subscription.Changed"/> is called from now on, from any thread, whenever there is something new.</summary>
    void Attach(Subscription subscription);

    /// <summary>The watcher has asked once more, and is told all next.</summary>
    void Renewed(SipRequest subscribe)
    {
        // Only a list may be another one from now on.
    }

    /// <summary>The subscription has ended.</summary>
    void Detach();

    /// <summary>What a NOTIFY is to bring that goes out now. Called on the owner of the subscription's conversation.</summary>
    /// <param name="isFull">Whether all is asked for, and not only what is new since the last call.</param>
    /// <returns>Null: there is nothing new, so no NOTIFY; where all is asked for, there is nothing that the watcher may see.</returns>
    StateDocument? Take(bool isFull);
}
