// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Configuration;

/// <summary>An advertised port means nothing without its host.</summary>
internal sealed class AdvertisedPortRule : IConfigurationRule
{
    public IEnumerable<ConfigurationFinding> Check(ServerOptions options, ConfigurationTable root)
    {
        for (int i = 0; i < options.Listeners.Count; i++)
        {
            if (options.Listeners[i] is { AdvertisedPort: not null, AdvertisedHost: null })
            {
                yield return new(WrittenAt.Element(root, "listeners", i), "'advertised-port' without 'advertised-host'");
            }
        }
    }
}
