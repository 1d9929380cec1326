// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>Hears what becomes of one server transaction; see <see cref="ServerTransaction.Attach"/>. Called on the owner of the conversation.</summary>
public interface IServerTransactionUser
{
    /// <summary>The time set by <see cref="Transaction.SetTimer"/> has come.</summary>
    void OnTimer(ServerTransaction transaction)
    {
    }

    /// <summary>The transaction is over; nothing comes after this.</summary>
    void OnTerminated(ServerTransaction transaction)
    {
    }

    /// <summary>A final response other than 2xx to an INVITE got no ACK (Timer H).</summary>
    void OnNoAck(ServerTransaction transaction)
    {
    }

    /// <summary>A response could not be sent. The transaction stays as it is (RFC 6026 §8.8).</summary>
    void OnTransportError(ServerTransaction transaction, SocketError? error)
    {
    }
}
