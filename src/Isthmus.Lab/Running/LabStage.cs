// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Lab;

/// <summary>What programs need to be started on the ground of a run: its namespaces, their folders, and time.</summary>
internal sealed class LabStage(NetworkPlan plan, LabSettings settings, LabGround ground, IpTool ip, TimeProvider time)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    public NetworkPlan Plan { get; } = plan;

    public LabSettings Settings { get; } = settings;

    /// <summary>A folder for what a host's program reads and writes.</summary>
    public string FolderOf(string host) => Directory.CreateDirectory(Path.Combine(ground.Folder, host)).FullName;

    /// <summary>Where what a host's program said is kept.</summary>
    public string LogOf(string host) => Path.Combine(Settings.Output, $"{host}.log");

    public NetworkNamespace NamespaceOf(string host) => ground.Namespaces[host];

    /// <summary>Starts a program on a host; what it says goes to a file of its own where one is named.</summary>
    public RunningProgram Start(string host, IReadOnlyList<string> command, string folder, string? log = null) =>
        RunningProgram.Start(host, ip, ground.Namespaces[host], command, folder, log ?? LogOf(host));

    /// <summary>Waits until something is so; false when it takes longer than is allowed.</summary>
    public async Task<bool> UntilAsync(Func<bool> condition, CancellationToken cancellation, TimeSpan? within = null)
    {
        long begun = time.GetTimestamp();
        using var tick = new PeriodicTimer(Step, time);
        while (!condition())
        {
            if (time.GetElapsedTime(begun) > (within ?? Settings.Patience))
            {
                return false;
            }

            await tick.WaitForNextTickAsync(cancellation);
        }

        return true;
    }

    /// <summary>Lets some time pass.</summary>
    public Task WaitAsync(TimeSpan span, CancellationToken cancellation) => Task.Delay(span, time, cancellation);
}
