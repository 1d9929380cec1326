// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>Garbage collections of a server in some time.</summary>
/// <param name="Collections">How many.</param>
/// <param name="LongestPause">The longest time for which one stopped everything.</param>
internal readonly record struct Garbage(int Collections, TimeSpan LongestPause)
{
    /// <summary>Both times together.</summary>
    public Garbage And(Garbage other) => new(Collections + other.Collections, LongestPause > other.LongestPause ? LongestPause : other.LongestPause);

    /// <inheritdoc/>
    public override string ToString() => Collections == 0 ? "0" : FormattableString.Invariant($"{Collections}, {LongestPause.TotalMilliseconds:0.0} ms");
}
