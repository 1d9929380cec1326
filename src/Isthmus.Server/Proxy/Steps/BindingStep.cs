// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Server.Location;

namespace Isthmus.Server.Proxy;

/// <summary>
/// Carries what nobody judged (everything but an INVITE that opens a call): one binding of each device, preferably of the version that
/// the request came by, or that its dialog uses on the other side.
/// </summary>
internal sealed class BindingStep(ProxyTargets targets, IRequestKeeper? keeper = null) : IRequestStep
{
    public string Name => "bindings";

    public StepResult Handle(RequestContext context)
    {
        if (context.Devices.IsEmpty || context.Targets.Count > 0 || context.Otherwise is not null)
        {
            return StepResult.Continue;
        }

        bool isAnyAway = false;
        foreach (Device device in context.Devices)
        {
            isAnyAway |= device.IsAway;
            // Not two of one device at once; the others only if the first cannot be sent to.
            if (!device.IsAway && targets.TryFirst(device, context.PreferredVersion, out ProxyTarget first))
            {
                context.Targets.Add(first);
            }
        }

        return context.Targets.Count > 0 || isAnyAway ? StepResult.Continue
            : keeper is not null && keeper.TryTake(context, Encoding.UTF8.GetBytes(context.Devices[0].Aor)) ? StepResult.Taken
            : context.Answer(480, "No Way To The Device");
    }
}
