// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>Compares the version on which the INVITE arrived with that on which it would leave. The body is not looked at.</summary>
internal sealed class ArrivalRule : IJudgeRule
{
    public static ArrivalRule Instance { get; } = new();

    public Finding Decide(in JudgedCall call, DeviceFacts device)
    {
        if (device.BindingOf(call.Arrival) is { } binding)
        {
            return Finding.Forward(device, binding, VerdictReason.ArrivalShared);
        }

        var needed = call.Arrival.Other;
        return call.Caller.Possible.Has(needed)
            ? Finding.Redirect(call.Caller, needed, VerdictReason.ArrivalNotShared)
            : Finding.Refuse(needed, VerdictReason.CallerLacksVersion);
    }
}
