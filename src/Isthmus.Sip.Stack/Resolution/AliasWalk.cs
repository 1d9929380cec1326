// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Looks a name up and follows its aliases (CNAME), within an answer and from one answer to the next, as far as a limit.</summary>
internal sealed class AliasWalk(DnsCache cache, int limit)
{
    /// <summary>The records of a type that a name has, by whatever aliases.</summary>
    public async ValueTask<DnsStep> LookUpAsync(string name, DnsType type, CancellationToken cancellationToken)
    {
        var lifetime = TimeSpan.MaxValue;
        var source = DnsSource.Cache;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { name };
        string current = name;
        while (true)
        {
            var cached = await cache.LookUpAsync(current, type, cancellationToken).ConfigureAwait(false);
            lifetime = cached.TimeToLive < lifetime ? cached.TimeToLive : lifetime;
            source = (source, cached.Source) switch
            {
                (DnsSource.Stale, _) or (_, DnsSource.Stale) => DnsSource.Stale,
                (DnsSource.Resolver, _) or (_, DnsSource.Resolver) => DnsSource.Resolver,
                _ => DnsSource.Cache,
            };
            string asked = current;
            while (cached.Reply.Records.OfType<AliasRecord>().FirstOrDefault(record => DnsNames.AreEqual(record.Name, current)) is { } alias)
            {
                current = DnsNames.Plain(alias.Target);
                if (!seen.Add(current) || seen.Count > limit + 1)
                {
                    return new DnsStep(name, type, DnsStatus.AliasLoop, [], lifetime, source);
                }
            }
            // A record of another name than the one that was asked for, or that it leads to, is not an answer.
            var records = cached.Reply.Records.Where(record => Is(record, type) && DnsNames.AreEqual(record.Name, current)).ToList();
            if (cached.Reply.Status != DnsStatus.Ok || records.Count > 0 || current == asked || !DnsNames.IsAskable(current))
            {
                return new DnsStep(name, type, cached.Reply.Status, records, lifetime, source);
            }
        }
    }

    private static bool Is(DnsRecord record, DnsType type) => type switch
    {
        DnsType.A => record is AddressRecord { Address.AddressFamily: System.Net.Sockets.AddressFamily.InterNetwork },
        DnsType.Aaaa => record is AddressRecord { Address.AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 },
        DnsType.Srv => record is ServiceRecord,
        _ => record is PointerRecord,
    };
}
