// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Sip;

namespace Isthmus.Figures;

/// <summary>One SIP message between two of the nodes of a figure, seen as its sender sent it.</summary>
public sealed record Arrow
{
    /// <summary>When it was sent, since the ladder began.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>The sender's name, such as <c>T5</c>.</summary>
    public required string From { get; init; }

    /// <summary>The receiver's name.</summary>
    public required string To { get; init; }

    /// <summary>The IP version it travels on.</summary>
    public required IpVersion Version { get; init; }

    /// <summary>The transport it travels on.</summary>
    public required SipTransport Transport { get; init; }

    /// <summary>The method of a request; of a response, the one it answers.</summary>
    public required SipMethod Method { get; init; }

    /// <summary>The status of a response; null for a request.</summary>
    public int? Status { get; init; }

    /// <summary>The reason phrase of a response.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The Call-ID.</summary>
    public string CallId { get; init; } = "";

    /// <summary>The CSeq number.</summary>
    public uint Sequence { get; init; }

    /// <summary>The branch of its topmost Via: what repetitions of a request have in common, also one that goes to another address of the same server.</summary>
    public string Branch { get; init; } = "";

    /// <summary>The address type of the session description it carries (<c>IP4</c> or <c>IP6</c>); null where it carries none.</summary>
    public string? Session { get; init; }

    /// <summary>What no hop may change: the header fields but those of the hops, in their order, and the body; an octet is a character.</summary>
    public string Matter { get; init; } = "";

    /// <summary>Whether the same bytes went the same way before: a retransmission.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>Whether this ACK ends a transaction hop by hop (RFC 3261 §17.1.1.3); the ACK of a 2xx goes from end to end.</summary>
    public bool IsHopAck { get; init; }

    /// <summary>What a figure writes on the arrow: the method, or the status.</summary>
    public string Name => Status is { } status ? status.ToString(CultureInfo.InvariantCulture) : Method.Name;

    /// <summary>The arrow as figures note it: <c>T5 => S1 INVITE</c> on IPv6, <c>T5 -> S1 INVITE</c> on IPv4.</summary>
    public string Notation => $"{From} {(Version == IpVersion.V6 ? "=>" : "->")} {To} {Name}";

    /// <inheritdoc/>
    public override string ToString() => Notation;
}
