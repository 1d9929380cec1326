// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Isthmus.Server.Location;

/// <summary>Reads little-endian numbers and texts with a length; what is not there reads as 0 or empty, and is remembered.</summary>
internal ref struct OctetReader(ReadOnlySpan<byte> octets)
{
    private ReadOnlySpan<byte> _rest = octets;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Whether more was asked for than there was.</summary>
    public bool IsShort { get; private set; }

    public T Number<T>()
        where T : unmanaged, IBinaryInteger<T> => T.ReadLittleEndian(Take(Unsafe.SizeOf<T>()) is { IsEmpty: false } taken ? taken : [0], isUnsigned: false);

    /// <summary>A length of 32 bits, and so many octets.</summary>
    public ReadOnlySpan<byte> Text() => Take(Number<int>());

    private ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)_rest.Length)
        {
            IsShort = true;
            _rest = default;
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
