// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;

namespace Isthmus.Server.Proxy;

/// <summary>
/// Puts the addresses that a user has registered in other domains beside his devices (RFC 3261 §16.5). Where they are is asked when their turn comes: the
/// devices do not wait for somebody else's DNS.
/// </summary>
internal sealed class AwayStep : IRequestStep
{
    public string Name => "away";

    public StepResult Handle(RequestContext context)
    {
        // In a dialog the other side has a Contact of its own.
        if (context.IsInDialog || context.IsAck)
        {
            return StepResult.Continue;
        }

        foreach (Device device in context.Devices)
        {
            if (!device.IsAway)
            {
                continue;
            }

            if (context.IsStateless)
            {
                return StepResult.NeedsTransaction;
            }

            if (ProxyTargets.TryAway(device, out ProxyTarget target))
            {
                context.Targets.Add(target);
            }
        }

        return StepResult.Continue;
    }
}
