// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>
/// Whoever sent a request. Called on the owner of the conversation, in order, and never from inside the call to
/// <see cref="SipStack.Send(MessageEdit, Target, IClientTransactionUser, ReadOnlySpan{byte}, object?, ulong)"/> if that call was itself made on the owner.
/// </summary>
public interface IClientTransactionUser
{
    /// <summary>
    /// A response, with the Via of the stack still on top. For INVITE: any number of provisional responses, then at most one final
    /// response other than 2xx, or every 2xx that arrives in the time of Timer M, retransmissions included (RFC 6026). For all else:
    /// provisional responses, then one final response.
    /// </summary>
    void OnResponse(ClientTransaction transaction, SipResponse response);

    /// <summary>No (final) response came in time: timers B and F, or 64·T1 after a CANCEL.</summary>
    void OnTimeout(ClientTransaction transaction);

    /// <summary>The request could not be sent or the peer is not reachable (RFC 3261 §17.1.4).</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="error">What the system said; null when nothing is known, for example because no listener fits the target.</param>
    void OnTransportError(ClientTransaction transaction, SocketError? error);

    /// <summary>Of two addresses that the request was sent to (<see cref="ClientTransaction.SendAlso"/>) one failed; the other one goes on.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="target">The address that failed.</param>
    /// <param name="error">What the system said.</param>
    void OnWayLost(ClientTransaction transaction, Target target, SocketError? error)
    {
    }

    /// <summary>The time set by <see cref="Transaction.SetTimer"/> has come.</summary>
    void OnTimer(ClientTransaction transaction)
    {
    }

    /// <summary>The transaction is over; nothing comes after this.</summary>
    void OnTerminated(ClientTransaction transaction)
    {
    }
}
