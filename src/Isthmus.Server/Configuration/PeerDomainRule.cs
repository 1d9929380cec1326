// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Configuration;

/// <summary>A domain has one entry in the peer table at most, and is not one of our own.</summary>
internal sealed class PeerDomainRule : IConfigurationRule
{
    public IEnumerable<ConfigurationFinding> Check(ServerOptions options, ConfigurationTable root)
    {
        HashSet<string> own = [.. options.Domains.SelectMany(domain => domain.Aliases.Prepend(domain.Name)).Select(DomainPattern.Plain)];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < options.Peers.Count; i++)
        {
            string domain = options.Peers[i].Domain;
            if (domain.Length == 0)
            {
                continue;
            }

            if (own.Contains(domain))
            {
                yield return new(WrittenAt.Element(root, "peer", i), $"'{domain}' is one of this server's own domains");
            }

            if (!seen.Add(domain))
            {
                yield return new(WrittenAt.Element(root, "peer", i), $"a second [[peer]] for '{domain}'");
            }
        }
    }
}
