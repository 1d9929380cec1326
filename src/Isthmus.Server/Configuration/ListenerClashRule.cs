// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Configuration;

/// <summary>No two listeners on one transport, address and port; port 0 takes any free one.</summary>
internal sealed class ListenerClashRule : IConfigurationRule
{
    public IEnumerable<ConfigurationFinding> Check(ServerOptions options, ConfigurationTable root)
    {
        for (int i = 1; i < options.Listeners.Count; i++)
        {
            var listener = options.Listeners[i];
            if (listener.Port != 0
                && options.Listeners.Take(i).Any(other => other.Transport == listener.Transport && other.Port == listener.Port && other.Address.Equals(listener.Address)))
            {
                yield return new(WrittenAt.Element(root, "listeners", i), "a second listener on the same transport, address and port");
            }
        }
    }
}
