// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>
/// The order in which the addresses of one host are tried (RFC 6724 §6, as RFC 7984 §4 asks): rules 1, 2, 5, 6, 8 and 10. Nothing is known here of what
/// rules 3, 4 and 7 look at. Rule 9 is left out, which the RFC allows: it would undo the turns in which a name server lists several addresses of one version.
/// </summary>
internal static class DestinationOrder
{
    /// <summary>Puts the addresses of one host in order.</summary>
    /// <param name="addresses">The addresses.</param>
    /// <param name="sourceTowards">From which address one would send there; null: there is no way.</param>
    public static IEnumerable<IPAddress> Of(IEnumerable<IPAddress> addresses, Func<IPAddress, IPAddress?> sourceTowards) =>
        addresses
            .Select(address => (Address: address, Source: sourceTowards(address), Policy: AddressPolicy.Of(address), Scope: AddressPolicy.ScopeOf(address)))
            .OrderByDescending(to => to.Source is not null)
            .ThenByDescending(to => to.Source is not null && AddressPolicy.ScopeOf(to.Source) == to.Scope)
            .ThenByDescending(to => to.Source is not null && AddressPolicy.Of(to.Source).Label == to.Policy.Label)
            .ThenByDescending(to => to.Policy.Precedence)
            .ThenBy(to => to.Scope)
            .Select(to => to.Address);
}
