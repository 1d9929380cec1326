// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Lab;

/// <summary>A program in the place of a SIP server, on all addresses of its host, by UDP and TCP.</summary>
internal abstract class ServerProgram(LabStage stage, string host) : IAsyncDisposable
{
    public const int Port = 5060;

    private RunningProgram? _program;

    /// <summary>What it is, for people.</summary>
    public abstract string Title { get; }

    protected LabStage Stage { get; } = stage;

    protected HostPlan Host { get; } = stage.Plan.Host(host);

    /// <summary>Starts it and waits until it listens.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        string folder = Stage.FolderOf(Host.Name);
        _program = Stage.Start(Host.Name, await PrepareAsync(folder, cancellation), folder);
        bool listens = await Stage.UntilAsync(() => _program.HasExited || Host.Addresses.All(IsServed), cancellation);
        if (!listens || _program.HasExited)
        {
            throw new LabException($"{Host.Name} did not start; see {Stage.LogOf(Host.Name)}");
        }

        bool IsServed(IPAddress address) => _program.IsBound(new(address, Port), tcp: false) && _program.IsBound(new(address, Port), tcp: true);
    }

    public ValueTask DisposeAsync() => _program?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Writes its configuration into that folder and returns the command that starts it.</summary>
    protected abstract Task<IReadOnlyList<string>> PrepareAsync(string folder, CancellationToken cancellation);
}
