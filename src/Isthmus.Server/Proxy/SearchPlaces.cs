// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Proxy;

/// <summary>The places of those who wait for DNS: so many, and of these a share for each domain, so that one whose DNS is dead leaves room for others. Any thread may use it.</summary>
/// <param name="most">How many there are.</param>
internal sealed class SearchPlaces(int most)
{
    // One domain may have a tenth of them.
    private const int Shares = 10;

    private readonly int _mostEach = Math.Max(1, most / Shares);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _taken = new(StringComparer.OrdinalIgnoreCase);
    private int _count;

    /// <summary>How many are taken.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes one. Null: it is there; else why not.</summary>
    /// <param name="domain">Who is looked for; null: several.</param>
    public string? Take(string? domain)
    {
        lock (_lock)
        {
            if (_count >= most)
            {
                return "Too Many Searches";
            }

            if (domain is not null)
            {
                int taken = _taken.GetValueOrDefault(domain);
                if (taken >= _mostEach)
                {
                    return "Too Many Searches For That Domain";
                }

                _taken[domain] = taken + 1;
            }

            _count++;
            return null;
        }
    }

    /// <summary>Gives it back.</summary>
    public void Leave(string? domain)
    {
        lock (_lock)
        {
            _count--;
            if (domain is null)
            {
                return;
            }

            if (_taken[domain] is var taken and > 1)
            {
                _taken[domain] = taken - 1;
            }
            else
            {
                _taken.Remove(domain);
            }
        }
    }
}
