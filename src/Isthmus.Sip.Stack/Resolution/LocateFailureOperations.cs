// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What is said to the caller when no server was found.</summary>
public static class LocateFailureOperations
{
    extension(LocateFailure failure)
    {
        /// <summary>The status to answer with.</summary>
        public int StatusCode => failure switch
        {
            // RFC 3261 §21.4.5, definitive: there is no such user at a domain that is not there. No 604, which would end the other branches of a fork
            // (§16.7 step 5): a name that does not exist is more often a slip, or the other side of a split horizon, than a statement about a user.
            LocateFailure.NoSuchDomain => 404,
            // §21.6.3, authoritative: the owner of the domain has said, of all of its users, that SIP reaches them nowhere.
            LocateFailure.ServiceNotOffered => 604,
            // §16.5: the target set is empty; §21.4.18: no valid forwarding location at present.
            LocateFailure.NoAddress or LocateFailure.NoCommonVersion => 480,
            // RFC 5630 §5.3 for TLS; any other transport is no different.
            LocateFailure.TransportNotSupported => 480,
            // §21.5.1, with Retry-After. No 503: that would say that this server is to be spared for every other domain as well (§16.7 step 6).
            LocateFailure.DnsFailed => 500,
            // §21.5.5: no timely response from an external server that was asked in attempting to process the request.
            LocateFailure.DnsTimedOut => 504,
            // §21.5.4: here it is this server, whatever the domain.
            _ => 503,
        };

        /// <summary>The reason, for the status line, for logs and for people.</summary>
        public string Reason => failure switch
        {
            LocateFailure.NoSuchDomain => "Domain Does Not Exist",
            LocateFailure.ServiceNotOffered => "Domain Offers No SIP",
            LocateFailure.NoAddress => "Domain Has No Server Address",
            LocateFailure.NoCommonVersion => "No Common IP Version",
            LocateFailure.TransportNotSupported => "Transport Not Supported",
            LocateFailure.DnsFailed => "DNS Failure",
            LocateFailure.DnsTimedOut => "DNS Time-out",
            _ => "DNS Unavailable",
        };

        /// <summary>Whether another attempt may succeed soon: the answer then carries a Retry-After.</summary>
        public bool IsTemporary => failure is LocateFailure.DnsFailed or LocateFailure.DnsTimedOut or LocateFailure.DnsUnavailable;
    }
}
