// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Server.Location;
using Isthmus.Server.Proxy;

namespace Isthmus.Server.Judging;

/// <summary>What the judge is told of a device that is called.</summary>
internal sealed class CalleeFacts(ProxyTargets targets, DeviceLearning learning)
{
    /// <summary>What is known of a device and of its bindings that can be reached; null when none can.</summary>
    public DeviceFacts? Of(Device device, Offer offer)
    {
        DeviceFacts facts = device.Facts;
        for (int i = 0; i < device.Bindings.Length; i++)
        {
            if (!targets.TryReach(device, i, out _))
            {
                int unreachable = i;
                facts = facts with { Bindings = facts.Bindings.RemoveAll(binding => binding.Index == unreachable) };
            }
        }

        return facts.Bindings.IsEmpty ? null
            : offer.HasIce && learning.DoesIce(device.Aor, device.Id) ? facts with { DoesIce = true }
            : facts;
    }
}
