// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Configuration;

/// <summary>A table of the configuration: its name, its keys, and how a table becomes a part of the options.</summary>
internal abstract class Section(string name, bool repeats)
{
    public string Name => name;

    /// <summary>Whether it is a list of tables (<c>[[name]]</c>).</summary>
    public bool Repeats => repeats;

    public abstract IReadOnlyList<string> Keys { get; }

    public abstract ServerOptions Bind(ServerOptions options, ConfigurationNode node, List<ConfigurationFinding> findings);
}

/// <summary>A table that sets a <typeparamref name="TPart"/> of the options.</summary>
internal sealed class Section<TPart>(
    string name,
    Func<ServerOptions, TPart> get,
    Func<ServerOptions, TPart, ServerOptions> set,
    params Setting<TPart>[] settings)
    : Section(name, repeats: false)
    where TPart : class
{
    public override IReadOnlyList<string> Keys => [.. settings.Select(setting => setting.Name)];

    public override ServerOptions Bind(ServerOptions options, ConfigurationNode node, List<ConfigurationFinding> findings)
    {
        if (node is ConfigurationTable table)
        {
            return set(options, TableBinder.Bind(get(options), table, settings, Name, findings));
        }

        findings.Add(new(node.Position, $"'{Name}' is a table: write [{Name}], not {node.Shown}"));
        return options;
    }
}

/// <summary>A list of tables, each of which is a <typeparamref name="TElement"/>. What is written replaces the default list.</summary>
internal sealed class RepeatedSection<TElement>(
    string name,
    string[] required,
    Func<ServerOptions, IReadOnlyList<TElement>, ServerOptions> set,
    Func<TElement> create,
    params Setting<TElement>[] settings)
    : Section(name, repeats: true)
    where TElement : class
{
    public override IReadOnlyList<string> Keys => [.. settings.Select(setting => setting.Name)];

    public override ServerOptions Bind(ServerOptions options, ConfigurationNode node, List<ConfigurationFinding> findings)
    {
        if (node is not ConfigurationList list || list.Items.Find(item => item is not ConfigurationTable) is not null)
        {
            findings.Add(new(node.Position, $"'{Name}' is a list of tables: write [[{Name}]], not {node.Shown}"));
            return options;
        }

        var elements = new List<TElement>();
        foreach (ConfigurationTable table in list.Items.OfType<ConfigurationTable>())
        {
            elements.Add(TableBinder.Bind(create(), table, settings, Name, findings));
            foreach (string key in required)
            {
                if (!table.Entries.ContainsKey(key))
                {
                    findings.Add(new(table.Position, $"a [[{Name}]] without '{key}'"));
                }
            }
        }

        return set(options, elements);
    }
}

/// <summary>Applies a table's entries one by one; each that is unknown or unfit is a finding.</summary>
internal static class TableBinder
{
    public static T Bind<T>(T options, ConfigurationTable table, IReadOnlyList<Setting<T>> settings, string where, List<ConfigurationFinding> findings)
        where T : class
    {
        foreach ((string key, ConfigurationNode node) in table.Entries)
        {
            Setting<T>? setting = settings.FirstOrDefault(candidate => candidate.Name == key);
            if (setting is null)
            {
                findings.Add(new(table.Keys[key], NearestName.Unknown(key, settings.Select(known => known.Name), $"in [{where}]")));
            }
            else if (setting.Apply(options, node) is { } changed)
            {
                options = changed;
            }
            else
            {
                findings.Add(new(node.Position, $"'{key}' is {node.Shown}, expected {setting.Expected}"));
            }
        }

        return options;
    }
}
