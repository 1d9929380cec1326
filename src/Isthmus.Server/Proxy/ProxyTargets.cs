// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Isthmus.Server.Location;
using Isthmus.Server.Peers;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// Makes targets of the bindings of a device, and of the servers of another domain. A binding is left out when its address is a name and its flow is gone, or when this server
/// has no listener of its transport and IP version.
/// </summary>
internal sealed class ProxyTargets(SipStack stack, TargetHealth health)
{
    // Of a device with more bindings than there are bits the rest is not tried.
    private const int Most = 64;

    /// <summary>The target for one binding of a device; false when it cannot be reached.</summary>
    public bool TryReach(Device device, int index, out ProxyTarget target)
    {
        Binding binding = device.Bindings[index];
        if (index >= Most || binding.NextHop is not { } hop || stack.FlowTowards(hop) is null)
        {
            target = default;
            return false;
        }

        target = new ProxyTarget
        {
            NextHop = hop,
            Q = binding.Q,
            Path = binding.Path,
            Device = device,
            Binding = binding,
            Tried = 1UL << index,
        };
        return true;
    }

    /// <summary>The way to a device when nobody judged: its first binding of the preferred version, else its first.</summary>
    public bool TryFirst(Device device, IpVersion preferred, out ProxyTarget target) =>
        TryUntried(device, preferred, 0, out target) || TryUntried(device, null, 0, out target);

    /// <summary>The target for an address in another domain that a user registered; false when its REGISTER cannot be read any more.</summary>
    public static bool TryAway(Device device, out ProxyTarget target)
    {
        Binding binding = device.Bindings[0];
        target = binding.NextHop is { } source ? new ProxyTarget { NextHop = source, Q = binding.Q, Binding = binding, IsAway = true } : default;
        return binding.NextHop is not null;
    }

    /// <summary>The target for the servers of another domain: in their order, but those that have been bad lately after all others. False: none can be sent to from here.</summary>
    public bool TryServers(ServerList servers, out ProxyTarget target) =>
        TryServer(servers.Targets.Count > 1 ? servers with { Targets = health.Order(servers.Targets) } : servers, 0, out target);

    /// <summary>The target for the first server of a list, from a place in it on, that can be sent to from here.</summary>
    public bool TryServer(ServerList servers, int from, out ProxyTarget target)
    {
        for (int i = from; i < servers.Targets.Count; i++)
        {
            Target hop = stack.TargetOf(servers.Targets[i].Transport, servers.Targets[i].EndPoint);
            if (stack.FlowTowards(hop) is not null)
            {
                target = new ProxyTarget { NextHop = hop, Servers = servers, ServerIndex = i };
                return true;
            }
        }

        target = default;
        return false;
    }

    /// <summary>Another way to the same device, when the last one could not be sent to: of its version first, then any, unless that must be kept.</summary>
    public bool TryNext(in ProxyTarget last, out ProxyTarget next)
    {
        next = default;
        if (last is not { Device: { } device, Binding: { } binding }
            || !(TryUntried(device, binding.Version, last.Tried, out next) || (!last.KeepsVersion && TryUntried(device, null, last.Tried, out next))))
        {
            return false;
        }

        next = next with { Tried = next.Tried | last.Tried, KeepsVersion = last.KeepsVersion };
        return true;
    }

    private bool TryUntried(Device device, IpVersion? version, ulong tried, out ProxyTarget target)
    {
        ImmutableArray<Binding> bindings = device.Bindings;
        for (int i = 0; i < Math.Min(bindings.Length, Most); i++)
        {
            bool fits = (tried >> i & 1) == 0 && (version is null || bindings[i].Version == version);
            if (fits && TryReach(device, i, out target))
            {
                return true;
            }
        }

        target = default;
        return false;
    }
}
