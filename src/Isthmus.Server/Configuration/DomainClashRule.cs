// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Configuration;

/// <summary>A name belongs to one domain only.</summary>
internal sealed class DomainClashRule : IConfigurationRule
{
    public IEnumerable<ConfigurationFinding> Check(ServerOptions options, ConfigurationTable root)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < options.Domains.Count; i++)
        {
            DomainOptions domain = options.Domains[i];
            foreach (string name in domain.Aliases.Prepend(domain.Name))
            {
                if (name.Length > 0 && !seen.Add(name))
                {
                    yield return new(WrittenAt.Element(root, "domains", i), $"'{name}' is named twice");
                }
            }
        }
    }
}
