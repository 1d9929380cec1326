// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>Decides which IP version a call may use. Pure: the same facts give the same verdict.</summary>
public static class Judge
{
    /// <summary>Whether a request is judged: an INVITE outside a dialog. Everything else is carried (<see cref="Carry"/>).</summary>
    public static bool Applies(SipRequest request) => request.Method == SipMethod.Invite && request.To.Tag is null;

    /// <summary>The verdict on an INVITE.</summary>
    /// <param name="method">How to decide.</param>
    /// <param name="arrival">The version on which it arrived.</param>
    /// <param name="offer">What it offers.</param>
    /// <param name="caller">Who sent it.</param>
    /// <param name="devices">Whom it is for, in the order in which they are to be forwarded to; at least one, each with a binding.</param>
    /// <exception cref="ArgumentException">There is no device, or one has no binding.</exception>
    public static Verdict Decide(JudgeMethod method, IpVersion arrival, Offer offer, CallerFacts caller, ReadOnlySpan<DeviceFacts> devices)
    {
        Check(devices);
        IJudgeRule rule = method switch
        {
            JudgeMethod.Arrival => ArrivalRule.Instance,
            JudgeMethod.Session => SessionRule.Instance,
            JudgeMethod.Carry => CarryRule.Carried,
            _ => AutoRule.Instance,
        };

        // Forward to those that can; only when none can, redirect if that would help any; else refuse.
        var call = new JudgedCall(arrival, offer, caller);
        var routes = default(ForwardRoutes);
        Finding? redirect = null;
        Finding? refuse = null;
        foreach (var device in devices)
        {
            switch (rule.Decide(call, device))
            {
                case { Route: { } route }:
                    routes = routes.With(route);
                    break;
                case { IsRedirect: true } finding:
                    redirect ??= finding;
                    break;
                case var finding:
                    refuse ??= finding;
                    break;
            }
        }

        return routes.Count > 0 ? Verdict.Forward(routes)
            : redirect is { } again ? Verdict.Redirect(again.Version, again.Reason)
            : Verdict.Refuse(refuse!.Value.Version, refuse.Value.Reason);
    }

    /// <summary>The verdict on a request that is not judged: each device by its binding of the arrival version, else by the other.</summary>
    /// <exception cref="ArgumentException">There is no device, or one has no binding.</exception>
    public static Verdict Carry(IpVersion arrival, ReadOnlySpan<DeviceFacts> devices)
    {
        Check(devices);
        var routes = default(ForwardRoutes);
        foreach (var device in devices)
        {
            routes = routes.With(CarryRule.Route(arrival, device, VerdictReason.NotJudged));
        }

        return Verdict.Forward(routes);
    }

    private static void Check(ReadOnlySpan<DeviceFacts> devices)
    {
        var isComplete = !devices.IsEmpty;
        foreach (var device in devices)
        {
            isComplete &= !device.Bindings.IsDefaultOrEmpty;
        }

        if (!isComplete)
        {
            throw new ArgumentException("There must be a device, and each must have a binding.", nameof(devices));
        }
    }
}
