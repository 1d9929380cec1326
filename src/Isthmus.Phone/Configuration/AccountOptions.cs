// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>One address-of-record of the phone, and how it is registered.</summary>
public sealed record AccountOptions
{
    /// <summary>The address-of-record, for instance <c>sip:alice@example.com</c>.</summary>
    public required string Address { get; init; }

    /// <summary>The name shown to the called person; null: none.</summary>
    public string? DisplayName { get; init; }

    /// <summary>How the account registers.</summary>
    public RegistrationMode Mode { get; init; } = RegistrationMode.Both;

    /// <summary>The version that carries the REGISTER of <see cref="RegistrationMode.OneRequest"/>; null: the preferred one, else IPv6.</summary>
    public IpVersion? RequestVersion { get; init; }

    /// <summary>Registrars, which are the outbound proxies too. For each IP version the first is used; the next one is tried after a failure, and so around.</summary>
    public IReadOnlyList<ServerAddress> Servers { get; init; } = [];

    /// <summary>The lifetime asked for in a REGISTER, 10 s to 7 days; the registrar's answer counts (RFC 3261 §10.2.1.1).</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The <c>+sip.instance</c> of this device (RFC 5626 §4.1), a URN such as <c>urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6</c>;
    /// null: one is generated for the life of the phone. Give it to stay the same device over restarts.</summary>
    public string? InstanceId { get; init; }
}
