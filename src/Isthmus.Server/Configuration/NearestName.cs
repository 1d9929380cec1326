// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Configuration;

/// <summary>What a misspelt name probably means.</summary>
internal static class NearestName
{
    private const int LongestName = 64;

    /// <summary>The text of a finding for an unknown name: with the nearest known one if it is near, else with all of them.</summary>
    public static string Unknown(string name, IEnumerable<string> known, string where)
    {
        List<string> names = [.. known];
        string? nearest = Of(name, names);
        return nearest is null
            ? $"unknown key '{name}' {where}; known are {string.Join(", ", names)}"
            : $"unknown key '{name}' {where}; did you mean '{nearest}'?";
    }

    /// <summary>The known name at the smallest edit distance, if that is at most a third of its length.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        if (name.Length > LongestName)
        {
            return null;
        }

        (int Distance, string Name) best = known.Select(candidate => (Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant()), candidate)).MinBy(pair => pair.Item1);
        return best.Name is not null && best.Distance <= Math.Max(2, best.Name.Length / 3) ? best.Name : null;
    }

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = Normal(a[i - 1]) == Normal(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost));
            }
        }

        return row[^1];
    }

    // max_expires for max-expires is the commonest slip.
    private static char Normal(char c) => c == '_' ? '-' : c;
}
