// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Isthmus.Server;
using Isthmus.Server.Configuration;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Configuration;

/// <summary>docs/configuration.md is the reference: what it shows is valid, and it shows every option with its default.</summary>
public sealed class ConfigurationDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));

    [Fact]
    public void Sample_IsValid() => Assert.Empty(ConfigurationFile.Parse(Sample("toml"), "docs/configuration.md").Findings);

    [Fact]
    public void Sample_HoldsEveryOption()
    {
        string sample = Sample("toml");
        var missing = ConfigurationSchema.Sections
            .SelectMany(section => section.Keys.Select(key => (section.Name, Key: key)))
            .Where(option => !Regex.IsMatch(sample, $@"^\[\[?{option.Name}\]\]?(?:(?!^\[).)*?^{option.Key} = ", RegexOptions.Multiline | RegexOptions.Singleline))
            .ToList();
        missing.AddRange(ConfigurationSchema.Root.Where(setting => !sample.Contains(setting.Name + " = ", StringComparison.Ordinal)).Select(setting => ("", setting.Name)));

        Assert.Empty(missing);
    }

    [Fact]
    public void Sample_ShowsTheDefaults()
    {
        ServerOptions shown = ConfigurationFile.Parse(Sample("toml"), "docs/configuration.md").Options;
        ServerOptions real = ServerOptions.Default;

        Assert.Equal((real.Judge, real.LogLevel, real.DrainTime), (shown.Judge, shown.LogLevel, shown.DrainTime));
        Assert.Equal(real.Registrar with { DefaultExpires = real.Registrar.DefaultExpires }, shown.Registrar);
        Assert.Equal(real.Proxy, shown.Proxy);
        Assert.Equal(real.Presence, shown.Presence);
        Assert.Equal(real.Messages, shown.Messages);
        Assert.Equal(real.Limits, shown.Limits);
        Assert.Equal(real.Dns, shown.Dns with { Servers = real.Dns.Servers });
        Assert.Equal(real.Locating, shown.Locating with { Transports = real.Locating.Transports });
    }

    [Fact]
    public void EnvironmentSample_IsValid()
    {
        var environment = Sample("sh").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

        Assert.Empty(ConfigurationFile.Parse(Sample("toml"), "docs/configuration.md", environment).Findings);
    }

    private static string Sample(string language) => Regex.Match(Document, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
}
