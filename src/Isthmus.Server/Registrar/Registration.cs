// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Registrar;

/// <summary>What a REGISTER asks for, read and checked as far as it can be without knowing the bindings.</summary>
internal sealed record Registration
{
    /// <summary>The canonical address-of-record in UTF-8.</summary>
    public required byte[] Aor { get; init; }

    public required IReadOnlyList<RegistrationContact> Contacts { get; init; }

    /// <summary>Contact: * with Expires: 0.</summary>
    public bool RemovesAll { get; init; }

    /// <summary>Whether it takes any binding away.</summary>
    public bool Removes => RemovesAll || Contacts.Any(contact => contact.Expires == TimeSpan.Zero);

    /// <summary>Whether it registers anything, or renews it.</summary>
    public bool Adds => Contacts.Any(contact => contact.Expires > TimeSpan.Zero);

    public required byte[] CallId { get; init; }

    public required uint CSeq { get; init; }

    /// <summary>The Path values, one a line.</summary>
    public byte[] Path { get; init; } = [];

    public string? UserAgent { get; init; }

    public bool AnnouncesRedirect { get; init; }

    public required Flow Flow { get; init; }
}

/// <summary>One Contact of a REGISTER with the time that it is granted (0: removed).</summary>
/// <param name="Octets">As <see cref="Location.ContactLayout"/> reads it.</param>
/// <param name="Uri">Its URI.</param>
/// <param name="Expires">How long.</param>
/// <param name="Version">The version of its address; where it has a name, of the flow.</param>
/// <param name="Instance">Its instance.</param>
/// <param name="RegId">Its reg-id.</param>
internal sealed record RegistrationContact(byte[] Octets, SipUri Uri, TimeSpan Expires, IpVersion Version, string? Instance, int? RegId);

/// <summary>A REGISTER that is refused.</summary>
/// <param name="Status">The status of the answer.</param>
/// <param name="Reason">The reason phrase: what is wrong, for people.</param>
/// <param name="Header">A header that explains it, such as Min-Expires or Unsupported.</param>
/// <param name="Value">Its value.</param>
internal sealed record Refusal(int Status, string Reason, HeaderName Header = HeaderName.Other, string? Value = null);
