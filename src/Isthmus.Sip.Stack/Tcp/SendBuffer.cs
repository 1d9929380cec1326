// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Bytes that wait to be written, in order, in a rented array that is given back when none are left. Not safe from many threads.</summary>
internal struct SendBuffer(SendBuffers arrays)
{
    private byte[]? _bytes;
    private int _start;

    /// <summary>How many bytes wait.</summary>
    public int Count { get; private set; }

    public readonly ReadOnlySpan<byte> Waiting => _bytes.AsSpan(_start, Count);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_bytes is null || _bytes.Length - _start - Count < bytes.Length)
        {
            var larger = arrays.Rent(_bytes is null ? bytes.Length : (Count + bytes.Length) * 2);
            Waiting.CopyTo(larger);
            Return();
            (_bytes, _start) = (larger, 0);
        }
        bytes.CopyTo(_bytes.AsSpan(_start + Count));
        Count += bytes.Length;
    }

    /// <summary>The first ones were written.</summary>
    public void Advance(int count)
    {
        _start += count;
        Count -= count;
        if (Count == 0)
        {
            Return();
        }
    }

    public void Clear() => Advance(Count);

    private void Return()
    {
        if (_bytes is { } bytes)
        {
            _bytes = null;
            arrays.Return(bytes);
        }
        _start = 0;
    }
}
