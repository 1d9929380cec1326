// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>The threads that serve a network's streams; connections are dealt out to them in turn.</summary>
internal sealed class StreamLoops(int count, Gatherings gatherings)
{
    private readonly StreamLoop[] _loops = [.. Enumerable.Range(0, count).Select(i => new StreamLoop(gatherings, $"tcp {i}"))];
    private uint _last;

    public Gatherings Gatherings => gatherings;

    /// <summary>What connections gather in: at most 4 MiB are kept.</summary>
    public SendBuffers Buffers { get; } = new(1024);

    public StreamLoop Next() => _loops[Interlocked.Increment(ref _last) % (uint)_loops.Length];
}
