// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text;
using Isthmus.DualStack;

namespace Isthmus.Lab;

/// <summary>`isthmus serve` as the server of a domain.</summary>
internal sealed class IsthmusServerProgram(LabStage stage, LabDomain domain, string host, JudgeMethod method, bool? servesPresence) : ServerProgram(stage, host)
{
    public override string Title => $"isthmus serve, judge {method.ToString().ToLowerInvariant()}";

    protected override async Task<IReadOnlyList<string>> PrepareAsync(string folder, CancellationToken cancellation)
    {
        string file = Path.Combine(folder, "isthmus.toml");
        await File.WriteAllTextAsync(file, Configuration(folder), cancellation);
        return [.. Stage.Settings.Isthmus, "serve", "--config", file];
    }

    // Watchers from other domains are not registered here; in the lab they are whom they say they are.
    private string Presence => servesPresence switch
    {
        true => $"""
            [presence]
            believe-everybody = true

            [[list]]
            address = "friends@{domain.Name}"
            members = ["t6@{domain.Name}", "t7@{domain.Name}"]

            """,
        false => "[presence]\nserve = false\n",
        null => "",
    };

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

            {Presence}
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
