// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Peers;

/// <summary>What came of the last search for each of the domains that were wanted lately, to be shown. For any thread.</summary>
/// <param name="time">The clock.</param>
/// <param name="keep">How long a domain is remembered that nobody wants any more.</param>
/// <param name="most">How many are remembered; beyond, the one that was wanted longest ago is forgotten.</param>
internal sealed class KnownDomains(TimeProvider time, TimeSpan keep, int most)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<KnownDomain>> _byName = [];
    private readonly LinkedList<KnownDomain> _byUse = []; // the one wanted last is first

    /// <summary>All, the one wanted last first.</summary>
    public IReadOnlyList<KnownDomain> All
    {
        get
        {
            lock (_gate)
            {
                ForgetOld();
                return [.. _byUse];
            }
        }
    }

    /// <summary>Remembers what came of a search.</summary>
    public void Add(string domain, ServerFinding finding)
    {
        lock (_gate)
        {
            ForgetOld();
            var known = new KnownDomain(domain, finding, time.GetTimestamp());
            if (_byName.TryGetValue(domain, out LinkedListNode<KnownDomain>? node))
            {
                _byUse.Remove(node);
                node.Value = known;
                _byUse.AddFirst(node);
                return;
            }

            if (_byName.Count >= most)
            {
                ForgetLast();
            }

            _byName.Add(domain, _byUse.AddFirst(known));
        }
    }

    private void ForgetOld()
    {
        while (_byUse.Last is { } last && time.GetElapsedTime(last.Value.Since) >= keep)
        {
            ForgetLast();
        }
    }

    private void ForgetLast()
    {
        _byName.Remove(_byUse.Last!.Value.Domain);
        _byUse.RemoveLast();
    }
}

/// <summary>A domain whose servers were looked for.</summary>
/// <param name="Domain">Its name.</param>
/// <param name="Finding">What came of it.</param>
/// <param name="Since">When, as a timestamp.</param>
internal sealed record KnownDomain(string Domain, ServerFinding Finding, long Since);
