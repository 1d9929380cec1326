// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Figures;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Figures;

/// <summary>Every node is a host of its own on a network in memory; a terminal of one version really lacks the other.</summary>
internal sealed class MemoryGround(World world) : IFigureGround
{
    private readonly Dictionary<string, MemoryHost> _hosts = [];

    public TimeProvider Time => world.Time;

    public INetwork NetworkOf(string node, IpVersions has)
    {
        if (!_hosts.TryGetValue(node, out MemoryHost? host))
        {
            string[] addresses = [.. ((IpVersion[])[IpVersion.V4, IpVersion.V6]).Where(version => has.Has(version)).Select(version => AddressOf(node, version).ToString())];
            _hosts[node] = host = world.Network.Host(node, addresses);
        }

        return host;
    }

    public IPAddress AddressOf(string node, IpVersion version) => IPAddress.Parse(version == IpVersion.V4 ? $"10.0.0.{node[1]}" : $"2001:db8::{node[1]}");
}
