// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text;
using Isthmus.DualStack;

namespace Isthmus.Lab;

/// <summary>`isthmus serve` as the server of a domain.</summary>
internal sealed class IsthmusServerProgram(LabStage stage, LabDomain domain, string host, JudgeMethod method) : ServerProgram(stage, host)
{
    public override string Title => $"isthmus serve, judge {method.ToString().ToLowerInvariant()}";

    protected override async Task<IReadOnlyList<string>> PrepareAsync(string folder, CancellationToken cancellation)
    {
        string file = Path.Combine(folder, "isthmus.toml");
        await File.WriteAllTextAsync(file, Configuration(folder), cancellation);
        return [.. Stage.Settings.Isthmus, "serve", "--config", file];
    }

    private string Configuration(string folder)
    {
        var text = new StringBuilder($"""
            judge = "{method.ToString().ToLowerInvariant()}"

            [[domains]]
            name = "{domain.Name}"

            [store]
            path = "{Path.Combine(folder, "bindings.db")}"

            [control]
            socket = "{Path.Combine(folder, "control.sock")}"

            """);
        foreach (IPAddress address in Host.Addresses)
        {
            foreach (string transport in (string[])["udp", "tcp"])
            {
                text.Append(CultureInfo.InvariantCulture, $"\n[[listeners]]\ntransport = \"{transport}\"\naddress = \"{address}\"\nport = {Port}\n");
            }
        }

        return text.ToString();
    }
}
