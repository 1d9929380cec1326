// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Proxy;

/// <summary>
/// The target set in the order in which it is tried (RFC 3261 §16.6): equal q together, lower ones later; a group that is larger than the
/// request may fork (RFC 5393 §5.3.3) is tried in parts.
/// </summary>
internal sealed class TargetQueue
{
    private readonly ProxyTarget[] _targets;
    private readonly int _mostAtOnce;
    private int _next;
    private int _end;

    /// <param name="targets">In the order in which equal ones are tried.</param>
    /// <param name="mostAtOnce">How many may be tried together.</param>
    /// <param name="most">How many are tried at all.</param>
    public TargetQueue(IReadOnlyList<ProxyTarget> targets, int mostAtOnce, int most = int.MaxValue)
    {
        _targets = targets.Count == 1 ? [targets[0]] : [.. targets.OrderByDescending(target => target.Q)];
        _mostAtOnce = Math.Max(1, mostAtOnce);
        _end = Math.Min(_targets.Length, most);
    }

    /// <summary>Nothing is left to try.</summary>
    public bool IsEmpty => _next >= _end;

    /// <summary>The next targets to try at once; empty when nothing is left.</summary>
    public IReadOnlyList<ProxyTarget> Next()
    {
        int first = _next;
        while (_next < _end && _next - first < _mostAtOnce && _targets[_next].Q.Equals(_targets[first].Q))
        {
            _next++;
        }

        return new ArraySegment<ProxyTarget>(_targets, first, _next - first);
    }

    /// <summary>Tries nothing more.</summary>
    public void Clear() => _end = _next;
}
