// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>Compares the version on which the INVITE would leave with those that its body can use, whatever it arrived on.</summary>
internal sealed class SessionRule : IJudgeRule
{
    public static SessionRule Instance { get; } = new();

    public Finding Decide(in JudgedCall call, DeviceFacts device)
    {
        if (call.ReasonToStandAside(device) is { } reason)
        {
            return CarryRule.Carry(call, device, reason);
        }

        var shared = call.Offer.VersionsFor(device.Reads)!.Value & device.Registered;
        if (shared != IpVersions.None)
        {
            return Finding.Forward(device, device.BindingOf(call.Prefer(shared))!.Value, VerdictReason.SessionShared);
        }

        var helpful = call.Caller.Possible & device.Registered;
        return helpful == IpVersions.None
            ? Finding.Refuse(call.Prefer(device.Registered), VerdictReason.CallerLacksVersion)
            : Finding.Redirect(call.Caller, call.Prefer(helpful), VerdictReason.SessionNotShared);
    }
}
