// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.NetworkInformation;

namespace Isthmus.Sip.Stack;

/// <summary>The resolvers that the system is configured with.</summary>
internal static class SystemResolvers
{
    private const string ConfigurationFile = "/etc/resolv.conf";
    private const int Port = 53;

    public static IReadOnlyList<IPEndPoint> Read() => File.Exists(ConfigurationFile) ? Parse(File.ReadLines(ConfigurationFile)) : OfInterfaces();

    /// <summary>The name servers of a resolv.conf(5), in its order. A line that cannot be read is none.</summary>
    internal static IReadOnlyList<IPEndPoint> Parse(IEnumerable<string> lines) =>
        [.. from line in lines
            let words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
            where words is ["nameserver", _, ..] && IPAddress.TryParse(words[1], out _)
            select new IPEndPoint(IPAddress.Parse(words[1]), Port)];

    private static IReadOnlyList<IPEndPoint> OfInterfaces() =>
        [.. from link in NetworkInterface.GetAllNetworkInterfaces()
            where link.OperationalStatus == OperationalStatus.Up
            from address in link.GetIPProperties().DnsAddresses
            where !address.IsIPv6SiteLocal // fec0:0:0:ffff::1 and its like: defaults of Windows that answer nowhere
            select new IPEndPoint(address, Port)];
}
