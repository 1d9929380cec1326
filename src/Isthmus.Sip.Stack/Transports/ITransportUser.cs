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

    void OnRequest(ReceivedRequest request);

    void OnResponse(ReceivedResponse response);

    /// <summary>Something malformed came in; <paramref name="message"/> is null when it could not be read at all.</summary>
    void OnMalformed(Flow flow, SipMessage? message, SipFault fault, bool answered);

    /// <summary>A stream connection is gone; the reason is null for an orderly end.</summary>
    void OnFlowClosed(Flow flow, SocketError? reason);
}
