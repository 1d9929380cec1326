// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>When the next REGISTER is due. Pure; <c>chance</c> is a random number from 0 to 1, so that phones do not all come at once.</summary>
internal static class RegistrationTimes
{
    /// <summary>What a REGISTER can take until it fails (Timer F, 64*T1): a refresh leaves room for it where the lifetime allows.</summary>
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(32);

    /// <summary>Whatever a server grants, it is not asked again sooner: one that grants nothing must not be asked as fast as it answers.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan BaseAlone = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BaseNotAlone = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1800);

    /// <summary>When to refresh a binding that lives for <paramref name="lifetime"/>: in its second half, before it could be too late to try again; after a second at least.</summary>
    public static TimeSpan Refresh(TimeSpan lifetime, double chance)
    {
        var latest = lifetime - TimeSpan.FromTicks(Math.Min(Answer.Ticks * 2, lifetime.Ticks / 4));
        var earliest = lifetime / 2;
        var refresh = earliest + ((latest - earliest) * chance);
        return refresh < Least ? Least : refresh;
    }

    /// <summary>How long to wait after <paramref name="failures"/> failures in a row: RFC 5626 §4.5, whose base is longer while another registration stands.</summary>
    public static TimeSpan Retry(int failures, bool othersStand, double chance)
    {
        var first = othersStand ? BaseNotAlone : BaseAlone;
        var bound = failures >= 7 ? Longest : TimeSpan.FromTicks(Math.Min(Longest.Ticks, first.Ticks << failures));
        return bound * (0.5 + (chance / 2));
    }
}
