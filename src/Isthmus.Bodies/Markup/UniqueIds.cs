// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>
/// Ids that must differ within a document which is made of several: phones of one make use the same id in all of theirs (baresip calls every tuple <c>t4109</c>).
/// </summary>
internal sealed class UniqueIds
{
    // Of each id the last number that was tried: thousands of one id are numbered in one go.
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);

    /// <summary>The id itself when it is free, else the next one that is made of it; it is taken from now on.</summary>
    public string Take(string id)
    {
        if (_taken.TryAdd(id, 1))
        {
            return id;
        }

        string free;
        do
        {
            free = $"{id}-{++_taken[id]}";
        }
        while (!_taken.TryAdd(free, 1));
        return free;
    }
}
