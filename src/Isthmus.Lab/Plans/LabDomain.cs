// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>A SIP domain of a network: its server, and its DNS server where it has one.</summary>
/// <param name="Name">Such as <c>isthmus.example</c>.</param>
/// <param name="Server">The host of its SIP server, such as <c>S1</c>.</param>
/// <param name="ServerHas">The IP versions of that server.</param>
public sealed record LabDomain(string Name, string Server, IpVersions ServerHas)
{
    /// <summary>The host of its DNS server, such as <c>N1</c>; null where names are not used.</summary>
    public string? NameServer { get; init; }

    /// <summary>The hosts of further servers, in the order in which they are to be tried when the first one fails. They have the same versions.</summary>
    public IReadOnlyList<string> Spares { get; init; } = [];

    /// <summary>All its servers in their order.</summary>
    public IEnumerable<string> Servers => [Server, .. Spares];
}
