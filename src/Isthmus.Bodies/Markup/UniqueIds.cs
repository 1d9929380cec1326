// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>
/// Ids that must differ within a document which is made of several: phones of one make use the same id in all of theirs (baresip calls every tuple <c>t4109</c>).
/// </summary>
internal sealed class UniqueIds
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>The id itself when it is free, else the next one that is made of it; it is taken from now on.</summary>
    public string Take(string id)
    {
        string free = id;
        for (int number = 2; !_taken.Add(free); number++)
        {
            free = $"{id}-{number}";
        }

        return free;
    }
}
