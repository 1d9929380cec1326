// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>What stands on the transports. Called on receiving threads and timer threads, with no lock held.</summary>
internal interface ITransportUser
{
    /// <summary>These listeners are open. Called once, before anything that they receive.</summary>
    void OnListening(IReadOnlyList<Listener> listeners)
    {
    }

    /// <summary>A request; its top Via says where it came from (RFC 3261 §18.2.1, RFC 3581).</summary>
    void OnRequest(SipRequest request, Flow flow);

    /// <summary>A response; its top Via is one of ours.</summary>
    void OnResponse(SipResponse response, Flow flow);

    /// <summary>Something malformed came in; <paramref name="message"/> is null when it could not be read at all.</summary>
    void OnMalformed(Flow flow, SipMessage? message, SipFault fault, bool answered);

    /// <summary>A stream connection is gone; the reason is null for an orderly end.</summary>
    void OnFlowClosed(Flow flow, SocketError? reason);
}
