// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>Makes the client that asks real resolvers.</summary>
public static class SystemDns
{
    /// <summary>
    /// A client for the configured resolvers, or for those of the system. Questions go by UDP, and again by TCP when the answer was truncated. Without
    /// any resolver each question ends as <see cref="DnsStatus.Unreachable"/>.
    /// </summary>
    public static IDnsClient Create(DnsOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var servers = options.Servers.Count > 0 ? options.Servers : SystemResolvers.Read();
        return new StaggeredDnsClient([.. Alternate(servers).Take(options.MaxServers).Select(server => new NameServerClient(server))], options, time);
    }

    /// <summary>The versions in turns, beginning with that of the first: if one version goes nowhere, the second question gets through.</summary>
    internal static IEnumerable<IPEndPoint> Alternate(IEnumerable<IPEndPoint> servers)
    {
        var distinct = servers.Distinct().ToList();
        var first = new Queue<IPEndPoint>(distinct.Where(server => server.AddressFamily == distinct[0].AddressFamily));
        var second = new Queue<IPEndPoint>(distinct.Where(server => server.AddressFamily != distinct[0].AddressFamily));
        while (first.Count + second.Count > 0)
        {
            if (first.TryDequeue(out var one))
            {
                yield return one;
            }
            if (second.TryDequeue(out var other))
            {
                yield return other;
            }
        }
    }
}
