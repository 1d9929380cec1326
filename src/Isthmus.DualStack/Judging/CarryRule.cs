// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>Never judges: a binding of the arrival version, else the other with a new IP header. Servers are taken in the order in which they were found.</summary>
internal sealed class CarryRule(VerdictReason reason) : IJudgeRule
{
    public static CarryRule Carried { get; } = new(VerdictReason.Carried);

    public Finding Decide(in JudgedCall call, DeviceFacts device) => Carry(call, device, reason);

    public static Finding Carry(in JudgedCall call, DeviceFacts device, VerdictReason reason) => Finding.Forward(device, Binding(call.Arrival, device), reason);

    public static ForwardRoute Route(IpVersion arrival, DeviceFacts device, VerdictReason reason)
    {
        var binding = Binding(arrival, device);
        return new(device.Id, binding.Index, binding.Version, reason);
    }

    private static BindingFacts Binding(IpVersion arrival, DeviceFacts device) =>
        device.IsOrdered ? device.Bindings[0] : (device.BindingOf(arrival) ?? device.BindingOf(arrival.Other))!.Value;
}
