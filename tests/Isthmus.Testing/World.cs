// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Isthmus.Testing;

/// <summary>
/// A small world in one thread: simulated hosts, simulated time, and a pump on which every <c>await</c> continues. The same scenario
/// with the same seed runs the same way every time, and an hour of simulated silence takes no time.
/// </summary>
public sealed class World : IDisposable
{
    private readonly Pump _pump = new();

    /// <summary>Makes a world.</summary>
    /// <param name="seed">Decides what the faults of the network do.</param>
    public World(int seed = 1)
    {
        Time = new SimulatedTime();
        Network = new MemoryNetwork(Time, seed);
    }

    /// <summary>The clock of this world; give it to everything that takes a <see cref="TimeProvider"/>.</summary>
    public SimulatedTime Time { get; }

    /// <summary>The network that joins the hosts of this world.</summary>
    public MemoryNetwork Network { get; }

    /// <summary>
    /// Runs a scenario to its end: first whatever can go on now, and when nothing can, time jumps to the next timer or packet.
    /// </summary>
    /// <param name="scenario">What happens.</param>
    /// <param name="limit">How much simulated time it may take; 10 minutes when null.</param>
    /// <exception cref="TimeoutException">The limit passed, or nothing at all is left to happen and the scenario still waits.</exception>
    public void Run(Func<Task> scenario, TimeSpan? limit = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_pump);
        try
        {
            var start = Time.GetUtcNow();
            var end = start + (limit ?? TimeSpan.FromMinutes(10));
            var task = scenario();
            while (!task.IsCompleted)
            {
                if (_pump.RunOne() || Time.RunNext(end))
                {
                    continue;
                }
                throw new TimeoutException(Time.NextDue is { } next
                    ? $"The scenario was not done after {end - start} of simulated time (the next timer is due at +{next - start})."
                    : $"The scenario waits at +{Time.GetUtcNow() - start}, but no timer, packet or continuation is left to happen.");
            }
            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>As <see cref="Run(Func{Task}, TimeSpan?)"/>, for scenarios with a result.</summary>
    public T Run<T>(Func<Task<T>> scenario, TimeSpan? limit = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        Task<T>? task = null;
        Run((Func<Task>)(() => task = scenario()), limit);
        return task!.GetAwaiter().GetResult();
    }

    /// <summary>Waits for simulated time to pass.</summary>
    public Task Delay(TimeSpan time) => Task.Delay(time, Time);

    /// <summary>Waits until a condition holds; it is looked at every millisecond of simulated time.</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="limit"/> (one minute when null).</exception>
    public async Task Until(Func<bool> condition, TimeSpan? limit = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var end = Time.GetUtcNow() + (limit ?? TimeSpan.FromMinutes(1));
        while (!condition())
        {
            if (Time.GetUtcNow() >= end)
            {
                throw new TimeoutException($"The condition did not come true within {limit ?? TimeSpan.FromMinutes(1)} of simulated time.");
            }
            await Delay(TimeSpan.FromMilliseconds(1));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    private sealed class Pump : SynchronizationContext
    {
        private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _posted = new();

        public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

        public override void Send(SendOrPostCallback d, object? state) => d(state);

        public override SynchronizationContext CreateCopy() => this;

        public bool RunOne()
        {
            if (!_posted.TryDequeue(out var next))
            {
                return false;
            }
            next.Callback(next.State);
            return true;
        }
    }
}
