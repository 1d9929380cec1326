// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Lab;

/// <summary>Captures one interface of a namespace with a thread that lives inside it. Reading along is possible while it grows.</summary>
internal sealed class Capture : IDisposable
{
    private const int LargestFrame = 256 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly List<CapturedPacket> _packets = [];
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private volatile bool _stopping;
    private volatile string? _fault;
    private uint _dropped;

    private Capture(string host, NetworkNamespace inside, string device)
    {
        Host = host;
        _thread = inside.Start(() => Run(device), exception =>
        {
            _fault = exception.Message;
            _started.TrySetException(exception);
        });
    }

    /// <summary>Whose interface it is.</summary>
    public string Host { get; }

    /// <summary>What went wrong with it: a capture with gaps proves nothing. Null when nothing did.</summary>
    public string? Problem => _fault ?? (_dropped > 0 ? $"{_dropped} packets of {Host} were not captured" : null);

    /// <summary>Starts it; what happens after that is captured.</summary>
    public static async Task<Capture> StartAsync(string host, NetworkNamespace inside, string device)
    {
        var capture = new Capture(host, inside, device);
        await capture._started.Task;
        return capture;
    }

    /// <summary>The packets from one on, in the order in which they were seen.</summary>
    public IReadOnlyList<CapturedPacket> From(int first)
    {
        lock (_lock)
        {
            return [.. _packets.Skip(first)];
        }
    }

    /// <summary>Stops it; what was seen stays.</summary>
    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
    }

    private void Run(string device)
    {
        using var socket = new PacketSocket(device, Patience);
        byte[] buffer = new byte[LargestFrame];
        _started.TrySetResult();
        while (!_stopping)
        {
            if (socket.TryReceive(buffer, out CapturedPacket packet))
            {
                lock (_lock)
                {
                    _packets.Add(packet);
                }
            }
        }

        _dropped = socket.TakeDropped();
    }
}
