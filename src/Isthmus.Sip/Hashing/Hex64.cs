// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Isthmus.Sip;

/// <summary>Numbers of 64 bits as sixteen hexadecimal digits: how marks and branches are written. All digits are made, and read, at once.</summary>
public static class Hex64
{
    /// <summary>How many digits there are.</summary>
    public const int Length = 16;

    /// <summary>Writes a number in small letters.</summary>
    /// <param name="value">Any number.</param>
    /// <param name="target">Where to; room for <see cref="Length"/> octets at least.</param>
    /// <exception cref="ArgumentOutOfRangeException">The target is too small.</exception>
    public static void Write(ulong value, Span<byte> target)
    {
        Vector128<ushort> octets = Vector128.WidenLower(Vector128.CreateScalar(BinaryPrimitives.ReverseEndianness(value)).AsByte());
        Vector128<byte> halves = ((octets >> 4) | ((octets & Vector128.Create((ushort)0x0f)) << 8)).AsByte();
        Vector128<byte> letters = Vector128.GreaterThan(halves, Vector128.Create((byte)9)) & Vector128.Create((byte)('a' - '0' - 10));
        (halves + Vector128.Create((byte)'0') + letters).CopyTo(target);
    }

    /// <summary>Reads a number, in small letters or capitals; false when the text is not sixteen digits.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        if (text.Length != Length)
        {
            return false;
        }

        Vector128<byte> octets = Vector128.Create(text);
        Vector128<byte> digits = octets - Vector128.Create((byte)'0');
        Vector128<byte> letters = (octets | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a');
        Vector128<byte> isDigit = Vector128.LessThanOrEqual(digits, Vector128.Create((byte)9));
        if ((isDigit | Vector128.LessThanOrEqual(letters, Vector128.Create((byte)5))) != Vector128<byte>.AllBitsSet)
        {
            return false;
        }

        Vector128<ushort> halves = Vector128.ConditionalSelect(isDigit, digits, letters + Vector128.Create((byte)10)).AsUInt16();
        Vector128<byte> joined = Vector128.Narrow(((halves & Vector128.Create((ushort)0x0f)) << 4) | (halves >> 8), Vector128<ushort>.Zero);
        value = BinaryPrimitives.ReverseEndianness(joined.AsUInt64().ToScalar());
        return true;
    }
}
