// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>
/// Targets by their numbers, which are hashes. Each has two places; a newcomer takes the one of another where both are taken, and where that happens
/// often the table grows, up to a bound. Any thread may use it: what is lost in a race is made again.
/// </summary>
internal sealed class TargetTable
{
    private const int First = 512;
    private const int Last = 131_072;

    private volatile Target?[] _targets = new Target?[First];
    private int _replaced;

    /// <summary>The target of that number; null when it is not there.</summary>
    public Target? Find(ulong number)
    {
        var targets = _targets;
        var place = Home(number, targets);
        return targets[place] is { } first && first.Number == number ? first
            : targets[place ^ 1] is { } second && second.Number == number ? second
            : null;
    }

    /// <summary>Keeps one that is not there.</summary>
    public Target Put(Target target)
    {
        var targets = _targets;
        ref var place = ref PlaceFor(target, targets);
        if (place is not null && ++_replaced >= targets.Length / 8 && targets.Length < Last)
        {
            targets = Grow(targets);
            place = ref PlaceFor(target, targets);
        }
        Volatile.Write(ref place, target);
        return target;
    }

    private static int Home(ulong number, Target?[] targets) => (int)number & (targets.Length - 1);

    private ref Target? PlaceFor(Target target, Target?[] targets)
    {
        var home = Home(target.Number, targets);
        return ref targets[targets[home] is null || (targets[home ^ 1] is not null && (_replaced & 1) == 0) ? home : home ^ 1];
    }

    private Target?[] Grow(Target?[] old)
    {
        var targets = new Target?[old.Length * 4];
        foreach (var target in old)
        {
            if (target is not null)
            {
                PlaceFor(target, targets) = target;
            }
        }
        (_targets, _replaced) = (targets, 0);
        return targets;
    }
}
