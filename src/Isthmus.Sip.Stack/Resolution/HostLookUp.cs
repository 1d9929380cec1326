// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>The addresses of one server: both versions are asked for at once (RFC 7984 §3.1), and each is there when its answer is.</summary>
internal sealed class HostLookUp(LocateServer server, Task<DnsStep> v6, Task<DnsStep> v4)
{
    public LocateServer Server { get; } = server;

    public IEnumerable<Task<DnsStep>> Questions => [v6, v4];

    /// <summary>The answers that are there.</summary>
    public IEnumerable<DnsStep> Steps => Questions.Where(question => question.IsCompletedSuccessfully).Select(question => question.Result);

    /// <summary>The addresses that are there, and how long they are good.</summary>
    public IEnumerable<(IPAddress Address, TimeSpan TimeToLive)> Addresses(int limit) =>
        from step in Steps
        from record in step.Records.OfType<AddressRecord>().Where(record => IsUsable(record.Address)).Take(limit)
        select (record.Address, step.TimeToLive < Server.TimeToLive ? step.TimeToLive : Server.TimeToLive);

    /// <summary>Whether there is an address of one of the versions.</summary>
    public bool HasAddress(IpVersions usable) => Addresses(int.MaxValue).Any(found => usable.Has(found.Address.Version));

    /// <summary>Whether it is known that there is no address of these versions.</summary>
    public bool HasNothing(IpVersions usable) => Questions.All(question => question.IsCompleted) && !HasAddress(usable);

    // What stands in DNS and is no one's address, or is one on some link that nobody names.
    private static bool IsUsable(IPAddress address) =>
        !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) && !address.Equals(IPAddress.Broadcast)
            && address is { IsIPv6Multicast: false, IsIPv6LinkLocal: false, IsIPv4MappedToIPv6: false }
            && !(address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes()[0] is >= 224 and < 240);
}
