// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>What one can send by here: which targets are of use, and from where one would reach them.</summary>
public interface ILocalReach
{
    /// <summary>The IP versions on which one can send by a transport; none: the transport is not there.</summary>
    IpVersions VersionsOf(SipTransport transport);

    /// <summary>The address from which one would send there; null: no way is known (RFC 6724 §6 rule 1).</summary>
    IPAddress? SourceTowards(SipTransport transport, IPAddress remote);
}
