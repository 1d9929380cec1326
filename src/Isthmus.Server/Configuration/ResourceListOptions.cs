// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server;

/// <summary>A list of users that is watched as one (RFC 4662): one subscription for a whole department.</summary>
public sealed record ResourceListOptions
{
    /// <summary>Its address, in a domain of this server; null: it has none, and nobody finds it.</summary>
    public SipUri? Address { get; init; }

    /// <summary>Its name for people; null: none.</summary>
    public string? Name { get; init; }

    /// <summary>The users in it, of domains of this server; 200 at most.</summary>
    public IReadOnlyList<SipUri> Members { get; init; } = [];

    /// <summary>Reads an address, with <c>sip:</c> or without; null when it is none or has no user.</summary>
    internal static SipUri? Read(string text) =>
        SipUri.TryParse(text.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) ? text : "sip:" + text, out SipUri? uri) && uri.User is { Length: > 0 } ? uri : null;
}
