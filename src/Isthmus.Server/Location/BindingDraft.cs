// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Location;

/// <summary>What a <see cref="Binding"/> is made of. What the Contact says (q, reg-id, instance) is read from it.</summary>
internal readonly ref struct BindingDraft
{
    /// <summary>Its number in the store; kept over a refresh.</summary>
    public required long Id { get; init; }

    /// <summary>The Contact as <see cref="ContactLayout"/> reads it.</summary>
    public required ReadOnlySpan<byte> Contact { get; init; }

    /// <summary>The version of the Contact's address; where the Contact has a name, of the flow that the REGISTER came by.</summary>
    public required IpVersion Version { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long Expires { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long Registered { get; init; }

    public required ReadOnlySpan<byte> CallId { get; init; }

    public required uint CSeq { get; init; }

    /// <summary>The Path values (RFC 3327), topmost first, one a line.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>The same object for the same text, if the caller can.</summary>
    public string? UserAgent { get; init; }

    public bool AnnouncesRedirect { get; init; }

    public required SipTransport Transport { get; init; }

    public required IPEndPoint Source { get; init; }

    /// <summary>The connection that the REGISTER came by; of a datagram any flow from the same local end.</summary>
    public Flow? Flow { get; init; }
}
