// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
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
    public static Verdict Decide(JudgeMethod method, IpVersion arrival, Offer offer, CallerFacts caller, IReadOnlyList<DeviceFacts> devices)
    {
        Check(devices);
        IJudgeRule rule = method switch
        {
            JudgeMethod.Arrival => ArrivalRule.Instance,
            JudgeMethod.Session => SessionRule.Instance,
            JudgeMethod.Carry => CarryRule.Carried,
            _ => AutoRule.Instance,
        };
        return Combine(devices.Select(device => rule.Decide(new(arrival, offer, caller), device)));
    }

    /// <summary>The verdict on a request that is not judged: each device by its binding of the arrival version, else by the other.</summary>
    /// <exception cref="ArgumentException">There is no device, or one has no binding.</exception>
    public static Verdict.Forward Carry(IpVersion arrival, IReadOnlyList<DeviceFacts> devices)
    {
        Check(devices);
        return new([.. devices.Select(device => CarryRule.Route(arrival, device, VerdictReason.NotJudged))]);
    }

    // Forward to those that can; only when none can, redirect if that would help any; else refuse.
    private static Verdict Combine(IEnumerable<Finding> findings)
    {
        var routes = ImmutableArray.CreateBuilder<ForwardRoute>();
        Verdict? redirect = null;
        Verdict? refuse = null;
        foreach (var finding in findings)
        {
            switch (finding)
            {
                case { Route: { } route }:
                    routes.Add(route);
                    break;
                case { IsRedirect: true }:
                    redirect ??= new Verdict.Redirect(finding.Version, finding.Reason);
                    break;
                default:
                    refuse ??= new Verdict.Refuse(finding.Version, finding.Reason);
                    break;
            }
        }

        return routes.Count > 0 ? new Verdict.Forward(routes.ToImmutable()) : redirect ?? refuse!;
    }

    private static void Check(IReadOnlyList<DeviceFacts> devices)
    {
        if (devices.Count == 0 || devices.Any(static device => device.Bindings.IsDefaultOrEmpty))
        {
            throw new ArgumentException("There must be a device, and each must have a binding.", nameof(devices));
        }
    }
}
