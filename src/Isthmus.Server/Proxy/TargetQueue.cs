// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Proxy;

/// <summary>
/// The target set in the order in which it is tried (RFC 3261 §16.6): equal q together, lower ones later; a group that is larger than the
/// request may fork (RFC 5393 §5.3.3) is tried in parts.
/// </summary>
internal sealed class TargetQueue
{
    private readonly Queue<IReadOnlyList<ProxyTarget>> _groups;

    public TargetQueue(IEnumerable<ProxyTarget> targets, int mostAtOnce) =>
        _groups = new(targets.GroupBy(t => t.Q).OrderByDescending(g => g.Key).SelectMany(g => g.Chunk(Math.Max(1, mostAtOnce))));

    /// <summary>Nothing is left to try.</summary>
    public bool IsEmpty => _groups.Count == 0;

    /// <summary>The next targets to try at once; empty when nothing is left.</summary>
    public IReadOnlyList<ProxyTarget> Next() => _groups.TryDequeue(out IReadOnlyList<ProxyTarget>? group) ? group : [];

    /// <summary>Tries nothing more.</summary>
    public void Clear() => _groups.Clear();
}
