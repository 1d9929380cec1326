// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>How servers are located, and how long that may take.</summary>
public sealed record LocatorOptions
{
    /// <summary>What is kept of DNS.</summary>
    public DnsCacheOptions Cache { get; init; } = new();

    /// <summary>How long locating may take; then it fails, or gives what it has. 5 s.</summary>
    public TimeSpan TotalTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long an answer to NAPTR is waited for; then it goes on without, as a domain has SRV records in any case (RFC 3263 §4.1). 1.5 s.
    /// </summary>
    public TimeSpan NaptrTime { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long, once the first server has an address, its other IP version and the servers after it are waited for. 250 ms.</summary>
    public TimeSpan GraceTime { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long, once a later server has an address, an earlier one is waited for: it should not be passed over because its name server is slow. 1 s.</summary>
    public TimeSpan EarlierServerTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The transports for a SIP URI that leaves the choice to us, the preferred first; a sips URI goes by TLS. UDP, TCP.</summary>
    public IReadOnlyList<SipTransport> Transports { get; init; } = [SipTransport.Udp, SipTransport.Tcp];

    /// <summary>How many aliases (CNAME) are followed; beyond, it is a loop. 8.</summary>
    public int MaxAliases { get; init; } = 8;

    /// <summary>How many servers (SRV) are looked at; the rest, those of the lowest rank, is left out. 16.</summary>
    public int MaxServers { get; init; } = 16;

    /// <summary>How many targets a result has; the rest is left out. 32.</summary>
    public int MaxTargets { get; init; } = 32;

    /// <summary>How many addresses of one host and version are taken; the rest is left out. 8.</summary>
    public int MaxAddresses { get; init; } = 8;
}
