// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.DualStack;

namespace Isthmus.Lab;

/// <summary>`isthmus serve` as the server of a domain, on all addresses of its host.</summary>
internal sealed class ServerProgram(LabStage stage, LabDomain domain, JudgeMethod method) : IAsyncDisposable
{
    public const int Port = 5060;

    private RunningProgram? _program;

    /// <summary>Starts it and waits until it listens.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        HostPlan host = stage.Plan.Host(domain.Server);
        string folder = stage.FolderOf(domain.Server);
        string file = Path.Combine(folder, "isthmus.toml");
        await File.WriteAllTextAsync(file, Configuration(host, folder), cancellation);
        _program = stage.Start(domain.Server, [.. stage.Settings.Isthmus, "serve", "--config", file], folder);
        bool listens = await stage.UntilAsync(() => _program.HasExited || host.Addresses.All(IsServed), cancellation);
        if (!listens || _program.HasExited)
        {
            throw new LabException($"{domain.Server} did not start; see {stage.LogOf(domain.Server)}");
        }

        bool IsServed(IPAddress address) => _program.IsBound(new(address, Port), tcp: false) && _program.IsBound(new(address, Port), tcp: true);
    }

    public ValueTask DisposeAsync() => _program?.DisposeAsync() ?? ValueTask.CompletedTask;

    private string Configuration(HostPlan host, string folder)
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
        foreach (IPAddress address in host.Addresses)
        {
            foreach (string transport in (string[])["udp", "tcp"])
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n[[listeners]]\ntransport = \"{transport}\"\naddress = \"{address}\"\nport = {Port}\n");
            }
        }

        return text.ToString();
    }
}
