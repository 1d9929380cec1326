// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>Makes targets of the bindings of a device.</summary>
internal sealed class ProxyTargets(SipStack stack)
{
    /// <summary>
    /// A target for each binding that can be reached, in the order of the bindings. One is left out when its address is a name and its
    /// flow is gone, or when this server has no listener of its transport and IP version.
    /// </summary>
    public IReadOnlyList<ProxyTarget> Of(string? aor, Device device)
    {
        var targets = new List<ProxyTarget>(device.Bindings.Length);
        foreach (Binding binding in device.Bindings)
        {
            if (NextHop.Of(binding) is { } hop && stack.FlowTowards(hop) is not null)
            {
                targets.Add(new ProxyTarget { RequestUri = binding.Uri, NextHop = hop, Q = binding.Q, Path = binding.Path, Aor = aor, Device = device, Binding = binding });
            }
        }

        return targets;
    }
}
