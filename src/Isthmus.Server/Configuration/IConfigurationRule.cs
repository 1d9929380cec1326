// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Configuration;

/// <summary>One rule between several settings.</summary>
internal interface IConfigurationRule
{
    IEnumerable<ConfigurationFinding> Check(ServerOptions options, ConfigurationTable root);
}

/// <summary>Finds where a setting was written, so that a rule's finding points at it.</summary>
internal static class WrittenAt
{
    public static SourcePosition Setting(ConfigurationTable root, string section, params ReadOnlySpan<string> keys)
    {
        if (root.Entries.GetValueOrDefault(section) is ConfigurationTable table)
        {
            foreach (string key in keys)
            {
                if (table.Entries.TryGetValue(key, out ConfigurationNode? node))
                {
                    return node.Position;
                }
            }

            return table.Position;
        }

        return root.Position;
    }

    public static SourcePosition Element(ConfigurationTable root, string section, int index) =>
        root.Entries.GetValueOrDefault(section) is ConfigurationList list && index < list.Items.Count ? list.Items[index].Position : root.Position;
}
