// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Isthmus.Server.Location;

/// <summary>Writes little-endian numbers and texts with a length, into room that grows and is used again.</summary>
internal sealed class OctetWriter
{
    private byte[] _octets = new byte[4096];

    /// <summary>How many there are.</summary>
    public int Length { get; private set; }

    /// <summary>What was written, until more is.</summary>
    public Span<byte> Written => _octets.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Number<T>(T value)
        where T : unmanaged, IBinaryInteger<T> => value.WriteLittleEndian(Take(Unsafe.SizeOf<T>()));

    /// <summary>A length of 32 bits, and so many octets.</summary>
    public void Text(ReadOnlySpan<byte> text)
    {
        Number(text.Length);
        text.CopyTo(Take(text.Length));
    }

    /// <summary>Octets of 0 up to the next multiple of <paramref name="alignment"/>.</summary>
    public void Align(int alignment) => Take(-Length & (alignment - 1)).Clear();

    private Span<byte> Take(int length)
    {
        int start = Length;
        if (length > _octets.Length - start)
        {
            Array.Resize(ref _octets, Math.Max(_octets.Length * 2, start + length));
        }

        Length += length;
        return _octets.AsSpan(start, length);
    }
}
