// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Configuration;

/// <summary>min-expires ≤ default-expires ≤ max-expires.</summary>
internal sealed class ExpiresRule : IConfigurationRule
{
    public IEnumerable<ConfigurationFinding> Check(ServerOptions options, ConfigurationTable root)
    {
        RegistrarOptions registrar = options.Registrar;
        if (registrar.MinExpires > registrar.MaxExpires)
        {
            yield return new(
                WrittenAt.Setting(root, "registrar", "min-expires", "max-expires"),
                $"'min-expires' ({Setting.Show(registrar.MinExpires)}) is more than 'max-expires' ({Setting.Show(registrar.MaxExpires)})");
        }
        else if (registrar.DefaultExpires > registrar.MaxExpires)
        {
            yield return new(
                WrittenAt.Setting(root, "registrar", "default-expires", "max-expires"),
                $"'default-expires' ({Setting.Show(registrar.DefaultExpires)}) is more than 'max-expires' ({Setting.Show(registrar.MaxExpires)})");
        }
        else if (registrar.DefaultExpires < registrar.MinExpires)
        {
            yield return new(
                WrittenAt.Setting(root, "registrar", "default-expires", "min-expires"),
                $"'default-expires' ({Setting.Show(registrar.DefaultExpires)}) is less than 'min-expires' ({Setting.Show(registrar.MinExpires)})");
        }
    }
}
