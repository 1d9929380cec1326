// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Location;

/// <summary>One Contact registered for an address-of-record (RFC 3261 §10). Immutable.</summary>
internal sealed record Binding
{
    /// <summary>Its number in the store; kept over a refresh.</summary>
    public required long Id { get; init; }

    /// <summary>The canonical address-of-record.</summary>
    public required string Aor { get; init; }

    /// <summary>The Contact as it was registered.</summary>
    public required NameAddr Contact { get; init; }

    /// <summary>The Contact's URI.</summary>
    public required SipUri Uri { get; init; }

    /// <summary>The version of the Contact's address; where the Contact has a name, of the flow that the REGISTER came by.</summary>
    public required IpVersion Version { get; init; }

    /// <summary>0 to 1; 1 where the Contact has none.</summary>
    public double Q { get; init; } = 1;

    public required DateTimeOffset Expires { get; init; }

    /// <summary>When the last REGISTER for it came.</summary>
    public required DateTimeOffset Registered { get; init; }

    public required string CallId { get; init; }

    public required uint CSeq { get; init; }

    /// <summary>The Path (RFC 3327), topmost first.</summary>
    public IReadOnlyList<NameAddr> Path { get; init; } = [];

    /// <summary>The <c>+sip.instance</c> without its angle brackets (RFC 5626 §4.1).</summary>
    public string? Instance { get; init; }

    /// <summary>The <c>reg-id</c> (RFC 5626 §4.2).</summary>
    public int? RegId { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>Whether the REGISTER announced that the device judges and follows redirects.</summary>
    public bool AnnouncesRedirect { get; init; }

    /// <summary>The transport that the REGISTER came by.</summary>
    public required SipTransport Transport { get; init; }

    /// <summary>Where the REGISTER came from.</summary>
    public required IPEndPoint Source { get; init; }

    /// <summary>The flow that the REGISTER came by; null after a restart.</summary>
    public Flow? Flow { get; init; }

    /// <summary>The device that it belongs to: its instance, else the REGISTER's Call-ID.</summary>
    public string DeviceId => Instance ?? "call-id:" + CallId;
}
