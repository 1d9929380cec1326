// SPDX-License-Identifier: Apache-2.0
using System.Collections;

namespace Isthmus.DualStack;

/// <summary>The branches of a forwarded request. The first, mostly the only one, lies in the value itself.</summary>
public readonly struct ForwardRoutes : IReadOnlyList<ForwardRoute>, IEquatable<ForwardRoutes>
{
    private readonly ForwardRoute _first;
    private readonly ForwardRoute[]? _others;

    private ForwardRoutes(int count, ForwardRoute first, ForwardRoute[]? others) => (Count, _first, _others) = (count, first, others);

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The route at that place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public ForwardRoute this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return index == 0 ? _first : _others![index - 1];
        }
    }

    /// <summary>These and one more.</summary>
    public ForwardRoutes With(ForwardRoute route) => Count == 0 ? new(1, route, null) : new(Count + 1, _first, [.. _others ?? [], route]);

    /// <inheritdoc/>
    public IEnumerator<ForwardRoute> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(ForwardRoutes other) => Count == other.Count && _first == other._first && (_others ?? []).AsSpan().SequenceEqual(other._others);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ForwardRoutes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, _first);

    /// <summary>Whether both are the same routes in the same order.</summary>
    public static bool operator ==(ForwardRoutes left, ForwardRoutes right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(ForwardRoutes left, ForwardRoutes right) => !left.Equals(right);
}
