// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Configuration;

/// <summary>Who is trusted is known by address: a pattern alone says none.</summary>
internal sealed class PeerTrustRule : IConfigurationRule
{
    public IEnumerable<ConfigurationFinding> Check(ServerOptions options, ConfigurationTable root)
    {
        for (int i = 0; i < options.Peers.Count; i++)
        {
            if (options.Peers[i] is { IsTrusted: true, Targets.Count: 0, Domain: var domain } && DomainPattern.IsWide(domain))
            {
                yield return new(WrittenAt.Element(root, "peer", i), $"'trusted' for '{domain}' without 'targets': their addresses say who it is");
            }
        }
    }
}
