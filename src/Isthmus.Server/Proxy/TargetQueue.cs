// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Isthmus.Server.Proxy;

/// <summary>
/// The target set in the order in which it is tried (RFC 3261 §16.6): equal q together, lower ones later; a group that is larger than the
/// request may fork (RFC 5393 §5.3.3) is tried in parts. It is filled again for the next request.
/// </summary>
internal sealed class TargetQueue
{
    private readonly List<ProxyTarget> _targets = [];
    private int _mostAtOnce;
    private int _next;
    private int _end;

    /// <summary>Nothing is left to try.</summary>
    public bool IsEmpty => _next >= _end;

    /// <summary>Forgets what was in it and takes these.</summary>
    /// <param name="targets">In the order in which equal ones are tried.</param>
    /// <param name="mostAtOnce">How many may be tried together.</param>
    /// <param name="most">How many are tried at all.</param>
    public void Fill(List<ProxyTarget> targets, int mostAtOnce, int most = int.MaxValue)
    {
        _targets.Clear();
        _targets.AddRange(targets);
        SortByQ(CollectionsMarshal.AsSpan(_targets));
        _mostAtOnce = Math.Max(1, mostAtOnce);
        (_next, _end) = (0, Math.Min(_targets.Count, most));
    }

    /// <summary>The next targets to try at once; empty when nothing is left. Valid until the queue is filled again.</summary>
    public ReadOnlySpan<ProxyTarget> Next()
    {
        int first = _next;
        while (_next < _end && _next - first < _mostAtOnce && _targets[_next].Q.Equals(_targets[first].Q))
        {
            _next++;
        }

        return CollectionsMarshal.AsSpan(_targets)[first.._next];
    }

    /// <summary>Tries nothing more.</summary>
    public void Clear() => _end = _next;

    /// <summary>Tries nothing more and keeps nothing.</summary>
    public void Forget()
    {
        _targets.Clear();
        (_next, _end) = (0, 0);
    }

    // Stable, and nothing to do for one target: there are few.
    private static void SortByQ(Span<ProxyTarget> targets)
    {
        for (int i = 1; i < targets.Length; i++)
        {
            for (int j = i; j > 0 && targets[j].Q > targets[j - 1].Q; j--)
            {
                (targets[j], targets[j - 1]) = (targets[j - 1], targets[j]);
            }
        }
    }
}
