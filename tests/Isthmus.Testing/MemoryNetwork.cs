// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip;

namespace Isthmus.Testing;

/// <summary>
/// A network of hosts with addresses of one or both IP versions, in memory and in simulated time: datagrams and streams, with loss,
/// duplication, reordering, delay and blackholes by a seeded chance. Nothing happens but on the clock's timer, so a run with the same
/// seed is the same run.
/// </summary>
public sealed class MemoryNetwork : IDisposable
{
    private const int CaptureLimit = 1_000_000;

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Action, (long Due, long Order)> _events = new();
    private readonly Dictionary<IPAddress, MemoryHost> _hosts = [];
    private readonly Dictionary<(MemoryHost, MemoryHost), LinkFaults> _links = [];
    private readonly List<Sent> _capture = [];
    private readonly List<MemoryConnection> _connections = [];
    private readonly ITimer _timer;
    private readonly DateTimeOffset _start;
    private readonly Random _chance;
    private long _order;
    private bool _disposed;

    /// <summary>Makes a network without hosts.</summary>
    public MemoryNetwork(SimulatedTime time, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(time);
        Time = time;
        _chance = new Random(seed);
        _start = time.GetUtcNow();
        _timer = time.CreateTimer(static network => ((MemoryNetwork)network!).Step(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The clock.</summary>
    public SimulatedTime Time { get; }

    /// <summary>How every link behaves that was given nothing else by <see cref="Link"/>.</summary>
    public LinkFaults Faults { get; } = new();

    /// <summary>How long a connection attempt into a blackhole takes to fail.</summary>
    public TimeSpan ConnectPatience { get; set; } = TimeSpan.FromSeconds(127);

    /// <summary>Everything that was sent, in order, also what was lost.</summary>
    public IReadOnlyList<Sent> Capture => _capture;

    /// <summary>The captured payloads as a ladder, one line each.</summary>
    public string Ladder => string.Join('\n', _capture);

    /// <summary>Adds a host. It has the versions of its addresses and no other.</summary>
    public MemoryHost Host(string name, params string[] addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        var host = new MemoryHost(this, name, [.. addresses.Select(IPAddress.Parse)]);
        foreach (var address in host.Addresses)
        {
            if (!_hosts.TryAdd(address, host))
            {
                throw new ArgumentException($"{_hosts[address].Name} has {address} already.", nameof(addresses));
            }
        }
        return host;
    }

    /// <summary>The link between two hosts, in both directions, to give it faults of its own; it starts as a link without any.</summary>
    public LinkFaults Link(MemoryHost one, MemoryHost other)
    {
        if (!_links.TryGetValue((one, other), out var faults))
        {
            _links[(one, other)] = _links[(other, one)] = faults = new LinkFaults();
        }
        return faults;
    }

    /// <summary>Resets every stream between two hosts: both ends learn it at once.</summary>
    public void ResetStreams(MemoryHost one, MemoryHost other)
    {
        foreach (var connection in _connections.ToArray())
        {
            if ((connection.Owner == one && connection.PeerHost == other) || (connection.Owner == other && connection.PeerHost == one))
            {
                connection.Fail(SocketError.ConnectionReset, TimeSpan.Zero);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _timer.Dispose();
    }

    internal MemoryHost? Owner(IPAddress address) => _hosts.GetValueOrDefault(address);

    internal LinkFaults FaultsBetween(MemoryHost from, MemoryHost? to) => to is not null && _links.TryGetValue((from, to), out var faults) ? faults : Faults;

    internal bool Happens(double share) => share > 0 && _chance.NextDouble() < share;

    internal void Track(MemoryConnection connection) => _connections.Add(connection);

    internal void Forget(MemoryConnection connection) => _connections.Remove(connection);

    internal void Record(MemoryHost from, IPEndPoint source, IPEndPoint destination, bool isStream, ReadOnlySpan<byte> payload, Fate fate)
    {
        if (_capture.Count < CaptureLimit)
        {
            var to = Owner(destination.Address)?.Name ?? "?";
            _capture.Add(new Sent(Time.GetUtcNow() - _start, from.Name, to, source, destination, isStream, payload.ToArray(), fate));
        }
    }

    internal void After(TimeSpan delay, Action action)
    {
        lock (_lock)
        {
            _events.Enqueue(action, ((Time.GetUtcNow() + delay).Ticks, _order++));
            Arm();
        }
    }

    private void Arm()
    {
        if (!_disposed && _events.TryPeek(out _, out var next))
        {
            var wait = next.Due - Time.GetUtcNow().Ticks;
            _timer.Change(TimeSpan.FromTicks(Math.Max(0, wait)), Timeout.InfiniteTimeSpan);
        }
    }

    private void Step()
    {
        Action? action;
        lock (_lock)
        {
            if (!_events.TryPeek(out action, out var next) || next.Due > Time.GetUtcNow().Ticks)
            {
                Arm();
                return;
            }
            _events.Dequeue();
            Arm();
        }
        action();
    }
}
