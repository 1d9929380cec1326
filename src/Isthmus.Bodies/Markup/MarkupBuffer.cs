// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Isthmus.Bodies;

/// <summary>Where a document is written before it is known how long it is: borrowed octets.</summary>
internal sealed class MarkupBuffer : IBufferWriter<byte>, IDisposable
{
    private const int Usual = 1024;

    private byte[] _octets = ArrayPool<byte>.Shared.Rent(Usual);
    private int _length;

    public ReadOnlySpan<byte> Written => _octets.AsSpan(0, _length);

    public void Advance(int count) => _length += count;

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _octets.AsSpan(_length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _octets.AsMemory(_length);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_octets);

    private void Grow(int sizeHint)
    {
        int room = Math.Max(sizeHint, 1);
        if (_octets.Length - _length >= room)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _octets.Length, _length + room));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_octets);
        _octets = larger;
    }
}
