// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server;

/// <summary>A subscription that the server notifies, as <c>isthmus show subscriptions</c> shows it.</summary>
/// <param name="Package">The event package, such as <c>presence</c>.</param>
/// <param name="Watched">Who or which list is watched, as the watcher wrote it.</param>
/// <param name="Watcher">Who watches, as he says.</param>
/// <param name="Access"><c>allow</c>; <c>polite-block</c>: what is shown is not what there is; <c>confirm</c>: nothing is shown; <c>deny</c>: it is about to end.</param>
/// <param name="IsList">Whether it shows a resource list.</param>
/// <param name="Version"><c>IPv4</c> or <c>IPv6</c>.</param>
/// <param name="Transport">The transport of its NOTIFYs.</param>
/// <param name="Address">Where they are sent.</param>
/// <param name="ExpiresIn">Seconds until it ends unless it is renewed.</param>
/// <param name="Notified">How many NOTIFYs were sent since the server started.</param>
public sealed record SubscriptionView(
    string Package, string Watched, string Watcher, string Access, bool IsList, string Version, string Transport, string Address, long ExpiresIn, long Notified);
