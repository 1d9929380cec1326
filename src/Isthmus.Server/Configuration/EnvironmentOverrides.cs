// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Isthmus.Server.Configuration;

/// <summary>
/// Lays environment variables over a configuration, named as .NET hosts name them: <c>ISTHMUS__Registrar__MaxExpires</c>,
/// <c>ISTHMUS__Listeners__0__Port</c>. Case, <c>-</c> and <c>_</c> inside a name do not count.
/// </summary>
internal static class EnvironmentOverrides
{
    public const string Prefix = "ISTHMUS__";

    private const int MostElements = 64;

    public static void Apply(ConfigurationTable root, IEnumerable<KeyValuePair<string, string>> environment, List<ConfigurationFinding> findings)
    {
        foreach ((string name, string value) in environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !Place(root, name, value))
            {
                findings.Add(new(new(name, 0, 0), Unknown(name)));
            }
        }
    }

    private static bool Place(ConfigurationTable root, string name, string value)
    {
        string[] path = name[Prefix.Length..].Split("__");
        var position = new SourcePosition(name, 0, 0);
        var node = new ConfigurationValue(position, value, IsText: true, IsNumber: false);
        if (path is [var key])
        {
            return Put(root, Find(ConfigurationSchema.Root.Select(setting => setting.Name), key), node);
        }

        Section? section = ConfigurationSchema.Sections.FirstOrDefault(candidate => Same(candidate.Name, path[0]));
        return (section, path) switch
        {
            ({ Repeats: false }, [_, var inner]) => Put(TableOf(root, section.Name, position), Find(section.Keys, inner), node),
            ({ Repeats: true }, [_, var index, var inner]) => Put(ElementOf(root, section.Name, index, position), Find(section.Keys, inner), node),
            _ => false,
        };
    }

    private static bool Put(ConfigurationTable? table, string? key, ConfigurationNode node)
    {
        if (table is null || key is null)
        {
            return false;
        }

        table.Add(key, node.Position, node);
        return true;
    }

    private static ConfigurationTable? TableOf(ConfigurationTable root, string name, SourcePosition position)
    {
        if (!root.Entries.ContainsKey(name))
        {
            root.Add(name, position, new ConfigurationTable(position));
        }

        return root.Entries[name] as ConfigurationTable;
    }

    private static ConfigurationTable? ElementOf(ConfigurationTable root, string name, string index, SourcePosition position)
    {
        if (!root.Entries.ContainsKey(name))
        {
            root.Add(name, position, new ConfigurationList(position, []));
        }

        if (root.Entries[name] is not ConfigurationList list
            || !int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int at)
            || at > Math.Min(list.Items.Count, MostElements))
        {
            return null;
        }

        if (at == list.Items.Count)
        {
            list.Items.Add(new ConfigurationTable(position));
        }

        return list.Items[at] as ConfigurationTable;
    }

    private static string Unknown(string name)
    {
        IEnumerable<string> known = ConfigurationSchema.Root.Select(setting => Prefix + Pascal(setting.Name)).Concat(
            ConfigurationSchema.Sections.SelectMany(section =>
                section.Keys.Select(key => Prefix + Pascal(section.Name) + (section.Repeats ? "__0__" : "__") + Pascal(key))));
        return NearestName.Of(name, known) is { } nearest
            ? $"sets nothing; did you mean {nearest}?"
            : $"sets nothing; expected a name such as {Prefix}Registrar__MaxExpires";
    }

    private static string? Find(IEnumerable<string> names, string written) => names.FirstOrDefault(name => Same(name, written));

    private static bool Same(string name, string written) =>
        name.Replace("-", "", StringComparison.Ordinal).Equals(
            written.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal),
            StringComparison.OrdinalIgnoreCase);

    private static string Pascal(string name) => string.Concat(name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
