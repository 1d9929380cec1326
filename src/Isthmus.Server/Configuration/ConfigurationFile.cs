// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Isthmus.Server.Configuration;

namespace Isthmus.Server;

/// <summary>Reads <c>isthmus.toml</c> and the environment into <see cref="ServerOptions"/>.</summary>
public static class ConfigurationFile
{
    private const int LargestFile = 1 << 20;

    /// <summary>The rules between settings, in the order in which their findings are shown.</summary>
    private static readonly IConfigurationRule[] Rules =
        [new ExpiresRule(), new AdvertisedPortRule(), new ListenerClashRule(), new DomainClashRule(), new PeerDomainRule(), new PeerTargetRule(), new PeerTrustRule(), new ResourceListRule()];

    /// <summary>Reads a configuration text and lays environment variables over it.</summary>
    /// <param name="text">TOML; empty for "no file".</param>
    /// <param name="file">The name shown in findings.</param>
    /// <param name="environment">Environment variables; those that do not begin with <c>ISTHMUS__</c> do not count. Null: none.</param>
    /// <returns>The options and everything that is wrong with what was written, at once, in the order of the file.</returns>
    public static ConfigurationResult Parse(string text, string file, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var findings = new List<ConfigurationFinding>();
        ConfigurationTable root = new TomlReader(file, findings).Read(text);
        EnvironmentOverrides.Apply(root, environment ?? [], findings);

        var settings = new ConfigurationTable(root.Position);
        ServerOptions options = ServerOptions.Default;
        foreach ((string key, ConfigurationNode node) in root.Entries)
        {
            if (ConfigurationSchema.Sections.FirstOrDefault(section => section.Name == key) is { } known)
            {
                options = known.Bind(options, node, findings);
            }
            else if (ConfigurationSchema.Root.Any(setting => setting.Name == key))
            {
                settings.Add(key, root.Keys[key], node);
            }
            else
            {
                IEnumerable<string> names = ConfigurationSchema.Root.Select(setting => setting.Name).Concat(ConfigurationSchema.Sections.Select(section => section.Name));
                findings.Add(new(root.Keys[key], NearestName.Unknown(key, names, "at the top level")));
            }
        }

        options = TableBinder.Bind(options, settings, ConfigurationSchema.Root, "", findings);
        foreach (IConfigurationRule rule in Rules)
        {
            findings.AddRange(rule.Check(options, root));
        }

        return new(options, [.. findings.OrderBy(finding => finding.Position.Line == 0).ThenBy(finding => finding.Position.Line).ThenBy(finding => finding.Position.Column)]);
    }

    /// <summary>Reads a configuration file; a file that cannot be read is a finding.</summary>
    public static ConfigurationResult Load(string path, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        try
        {
            if (Directory.Exists(path))
            {
                return new(ServerOptions.Default, [new(new(path, 0, 0), "is a folder, expected a TOML file")]);
            }

            if (new FileInfo(path).Length > LargestFile)
            {
                return new(ServerOptions.Default, [new(new(path, 1, 1), "larger than 1 MiB: this is not a configuration")]);
            }

            return Parse(File.ReadAllText(path), path, environment);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new(ServerOptions.Default, [new(new(path, 0, 0), $"cannot be read: {exception.Message}")]);
        }
    }

    /// <summary>What <c>isthmus check FILE</c> shows: every finding of a file, without the environment. Empty: it is fine.</summary>
    public static IReadOnlyList<ConfigurationFinding> Check(string path) => Load(path).Findings;

    /// <summary>The environment of this process, for <see cref="Load"/>.</summary>
    public static IEnumerable<KeyValuePair<string, string>> ProcessEnvironment()
    {
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            yield return new((string)entry.Key, entry.Value as string ?? "");
        }
    }
}
