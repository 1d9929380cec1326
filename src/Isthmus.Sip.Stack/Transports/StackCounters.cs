// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What the transports count.</summary>
public enum StackCounter
{
    /// <summary>Messages that were read and handed on.</summary>
    MessagesReceived,

    /// <summary>Messages that were sent, retransmissions included.</summary>
    MessagesSent,

    /// <summary>Malformed requests that were answered.</summary>
    MalformedAnswered,

    /// <summary>Malformed messages that were dropped: unreadable, a response, or an ACK.</summary>
    MalformedDropped,

    /// <summary>Responses whose top Via is not ours: dropped (RFC 3261 §18.1.2).</summary>
    ForeignResponsesDropped,

    /// <summary>Responses that name no place to send them to, or a multicast one: dropped.</summary>
    ResponsesWithoutPlaceDropped,

    /// <summary>Keep-alives: empty datagrams, CRLF, STUN; pings on streams.</summary>
    KeepAlives,

    /// <summary>Messages that could not be sent.</summary>
    SendErrors,

    /// <summary>ICMP errors for datagrams that were sent.</summary>
    Unreachables,

    /// <summary>Requests too long for UDP that went by it after all.</summary>
    FallBacks,

    /// <summary>Connections that came in and were taken.</summary>
    ConnectionsAccepted,

    /// <summary>Connections that were tried.</summary>
    ConnectionsTried,

    /// <summary>Connections beyond a cap: reset, or not tried.</summary>
    ConnectionsRefused,

    /// <summary>Connections reset because a message, or the first one, took too long.</summary>
    ConnectionsTooSlow,

    /// <summary>Connections closed after silence.</summary>
    ConnectionsIdle,

    /// <summary>Connections closed because their bytes could not be cut into messages.</summary>
    ConnectionsBroken,

    /// <summary>Exceptions, which are errors in the program: each took a datagram, or a connection, and nothing else with it.</summary>
    Faults,
}

/// <summary>Counts since the start. Safe from any thread.</summary>
public sealed class StackCounters
{
    private readonly Tally _counts = new(Enum.GetValues<StackCounter>().Length);

    /// <summary>One count.</summary>
    public long this[StackCounter counter] => _counts[(int)counter];

    internal void Count(StackCounter counter) => _counts.Count((int)counter);
}
