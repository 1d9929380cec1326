// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Why no server was found. What a proxy answers then is <c>StatusCode</c>.</summary>
public enum LocateFailure
{
    /// <summary>The domain does not exist.</summary>
    NoSuchDomain,

    /// <summary>The domain says that it has no SIP servers (RFC 2782: a target of "." is "decidedly not available at this domain").</summary>
    ServiceNotOffered,

    /// <summary>The domain or its servers exist, and have no address.</summary>
    NoAddress,

    /// <summary>The servers have addresses of an IP version only that nothing here can send on.</summary>
    NoCommonVersion,

    /// <summary>The URI wants a transport that nothing here can send by; for a sips URI that is all but TLS.</summary>
    TransportNotSupported,

    /// <summary>DNS could not say (SERVFAIL and the like), or its aliases lead in a circle.</summary>
    DnsFailed,

    /// <summary>DNS did not answer in time.</summary>
    DnsTimedOut,

    /// <summary>There is no resolver, or too many questions are out.</summary>
    DnsUnavailable,
}
