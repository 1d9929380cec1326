// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Registrar;

/// <summary>What a REGISTER asks for, read and checked as far as it can be without knowing the bindings.</summary>
internal sealed record Registration
{
    public required string Aor { get; init; }

    public required IReadOnlyList<RegistrationContact> Contacts { get; init; }

    /// <summary>Contact: * with Expires: 0.</summary>
    public bool RemovesAll { get; init; }

    public required string CallId { get; init; }

    public required uint CSeq { get; init; }

    public IReadOnlyList<NameAddr> Path { get; init; } = [];

    public string? UserAgent { get; init; }

    public bool AnnouncesRedirect { get; init; }

    public required Flow Flow { get; init; }

    public IPEndPoint Source => Flow.Remote;
}

/// <summary>One Contact of a REGISTER with the time that it is granted (0: removed).</summary>
internal sealed record RegistrationContact(NameAddr Contact, SipUri Uri, TimeSpan Expires, IpVersion Version, string? Instance, int? RegId);

/// <summary>A REGISTER that is refused.</summary>
/// <param name="Status">The status of the answer.</param>
/// <param name="Reason">The reason phrase: what is wrong, for people.</param>
/// <param name="Header">A header that explains it, such as Min-Expires or Unsupported.</param>
/// <param name="Value">Its value.</param>
internal sealed record Refusal(int Status, string Reason, HeaderName Header = HeaderName.Other, string? Value = null);
