// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>
/// The core above the transactions: a proxy, a registrar, a phone. All calls that belong to one Call-ID come in order and one at a
/// time; no lock is held meanwhile. They must not block.
/// </summary>
public interface ITransactionUser
{
    /// <summary>These listeners are open. Called once, from inside <see cref="SipStack.Start"/>, before anything else.</summary>
    void OnListening(IReadOnlyList<Listener> listeners)
    {
    }

    /// <summary>
    /// Whether this request is dealt with here and now, without a transaction: forwarded without state (RFC 3261 §16.11), for example, by
    /// <see cref="SipStack.SendStateless(MessageEdit, Target, ReadOnlySpan{byte}, ulong)"/>. Then its retransmissions come here too, and responses
    /// to it as stray ones. Asked first of all, for every request but an ACK, also when it is the retransmission of one that has a transaction.
    /// </summary>
    bool TakesWithoutState(ReceivedRequest request) => false;

    /// <summary>A new request: not an ACK, and not a CANCEL that matched an INVITE. An unmatched CANCEL comes here (a user agent answers 481).</summary>
    void OnRequest(ServerTransaction transaction);

    /// <summary>An ACK that no transaction absorbed: the ACK for a 2xx (RFC 3261 §13.2.2.4), or a stray one.</summary>
    void OnAck(ReceivedRequest ack);

    /// <summary>
    /// A CANCEL for an INVITE that has no final response yet. The stack has answered 200 to the CANCEL; the INVITE waits for its final
    /// response, normally 487 (RFC 3261 §9.2).
    /// </summary>
    void OnCancel(ServerTransaction invite, ReceivedRequest cancel);

    /// <summary>
    /// A 2xx to an INVITE that was forwarded and is answered already: the answer again, or the one of another branch further on (RFC 6026 §7.2). Only
    /// where transactions are pooled, and only for those that have a <see cref="ClientTransaction.ReturnFlow"/>.
    /// </summary>
    /// <param name="success">The response, with the Via of the stack on top.</param>
    /// <param name="returnFlow">The flow by which the INVITE came.</param>
    void OnSuccessAgain(ReceivedResponse success, Flow returnFlow)
    {
    }

    /// <summary>A response that matches no client transaction. It must not be forwarded (RFC 6026 §7.3).</summary>
    void OnResponse(ReceivedResponse stray);

    /// <summary>A message that is not SIP enough. If it could be answered, it has been.</summary>
    /// <param name="flow">Where it came from.</param>
    /// <param name="message">What could be read of it.</param>
    /// <param name="fault">What is wrong with it.</param>
    void OnMalformed(Flow flow, SipMessage? message, SipFault fault)
    {
    }

    /// <summary>A connection is gone. This call belongs to no conversation and can come at any time from any thread.</summary>
    void OnFlowClosed(Flow flow, SocketError? reason)
    {
    }
}
