// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Isthmus.Sip.Stack;

/// <summary>What a loop's thread reads into: one piece of a stream, or a batch of datagrams. Either is made when it is first used. Used and disposed by one thread.</summary>
internal sealed unsafe class ReadBuffers : IDisposable
{
    private const int StreamBytes = 16384; // some thirty messages: a busy connection has its turn again in the next round, and so have all others

    private byte* _stream;
    private ReceiveBatch? _datagrams;

    /// <summary>For bytes of a stream.</summary>
    public Span<byte> Stream => new(_stream = _stream is null ? (byte*)NativeMemory.Alloc(StreamBytes) : _stream, StreamBytes);

    /// <summary>For datagrams.</summary>
    public ReceiveBatch Datagrams => _datagrams ??= new ReceiveBatch();

    public void Dispose()
    {
        NativeMemory.Free(_stream);
        _stream = null;
        _datagrams?.Dispose();
    }
}
