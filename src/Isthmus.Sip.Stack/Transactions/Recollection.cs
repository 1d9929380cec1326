// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What is still to be done for a transaction that was answered, when a message of it comes again.</summary>
internal enum Remembrance : byte
{
    /// <summary>Nothing: the message is absorbed.</summary>
    Absorb,

    /// <summary>What was sent last is sent again: the response to a request, the ACK for a refusal.</summary>
    SendAgain,

    /// <summary>An INVITE that was accepted (RFC 6026 §7.1): its ACK, which goes another way, is for the user.</summary>
    PassAck,

    /// <summary>A forwarded INVITE that was accepted (RFC 6026 §7.2): a further 2xx goes back to where the INVITE came from.</summary>
    PassSuccess,
}

/// <summary>What is left of a transaction that was answered.</summary>
/// <param name="remembrance">What to do.</param>
/// <param name="octets">What to send again; empty for nothing.</param>
/// <param name="flow">By which way.</param>
internal readonly ref struct Recollection(Remembrance remembrance, ReadOnlySpan<byte> octets, Flow? flow)
{
    public Remembrance Remembrance => remembrance;

    public ReadOnlySpan<byte> Octets { get; } = octets;

    public Flow? Flow => flow;
}
