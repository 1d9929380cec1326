// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>Never asks the user, never leaves dead air: decides by what both ends can use, and forwards when that is not known.</summary>
internal sealed class AutoRule : IJudgeRule
{
    public static AutoRule Instance { get; } = new();

    public Finding Decide(in JudgedCall call, DeviceFacts device)
    {
        if (call.ReasonToStandAside(device) is { } reason)
        {
            return CarryRule.Carry(call, device, reason);
        }

        var offered = call.Offer.VersionsFor(device.Reads)!.Value;
        if (offered.Shares(device.Registered))
        {
            return Finding.Forward(device, device.BindingOf(call.Prefer(offered & device.Registered))!.Value, VerdictReason.SessionShared);
        }

        if (offered.Shares(device.Usable))
        {
            return CarryRule.Carry(call, device, VerdictReason.DeviceIsDualStack);
        }

        var helpful = call.Caller.Known & device.Usable;
        if (call.Caller.FollowsRedirect && helpful != IpVersions.None)
        {
            return Finding.Redirect(call.Caller, call.Prefer(helpful), VerdictReason.SessionNotShared);
        }

        if (device.Judges)
        {
            return CarryRule.Carry(call, device, VerdictReason.DeviceJudges);
        }

        // A verdict that bridges the media stands here, once there is a bridge.
        return MayUse(device, offered)
            ? CarryRule.Carry(call, device, VerdictReason.DeviceMayBeDualStack)
            : Finding.Refuse(
                call.Prefer(device.Usable),
                helpful == IpVersions.None ? VerdictReason.CallerLacksVersion : VerdictReason.CallerDoesNotFollow);
    }

    // Media lines of different versions need a device that has both.
    private static bool MayUse(DeviceFacts device, IpVersions offered) =>
        offered == IpVersions.None ? device.Possible == IpVersions.Both : offered.Shares(device.Possible);
}
