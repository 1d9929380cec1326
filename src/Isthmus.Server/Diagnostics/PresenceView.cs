// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server;

/// <summary>A user of whom something is published or whom somebody watches, as <c>isthmus show presence</c> shows him.</summary>
/// <param name="User">The address-of-record.</param>
/// <param name="Availability"><c>offline</c>, <c>online</c>, <c>away</c>, <c>busy</c> or <c>on-the-phone</c>: all his devices taken together.</param>
/// <param name="Note">What he says; null when nothing.</param>
/// <param name="Publications">How many of his devices publish.</param>
/// <param name="Watchers">How many watch, lists included.</param>
public sealed record PresenceView(string User, string Availability, string? Note, int Publications, int Watchers);
