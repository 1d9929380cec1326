// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Isthmus.Sip;

/// <summary>A set of ASCII octets that looks at sixteen octets at once: the pieces that headers are made of are hardly ever longer.</summary>
internal readonly struct OctetSet
{
    // The ASCII table has 16 columns and 8 rows: an octet for each column, a bit in it for each row.
    private readonly Vector128<byte> _rowsOfColumn;

    private OctetSet(Vector128<byte> rowsOfColumn) => _rowsOfColumn = rowsOfColumn;

    /// <summary>Whether this machine can look at sixteen at once.</summary>
    public static bool CanLookAtMany => Ssse3.IsSupported || AdvSimd.Arm64.IsSupported;

    public static OctetSet Of(string members)
    {
        Span<byte> rowsOfColumn = stackalloc byte[Vector128<byte>.Count];
        rowsOfColumn.Clear();
        foreach (char member in members)
        {
            rowsOfColumn[member & 15] |= (byte)(1 << (member >> 4));
        }

        return new(Vector128.Create<byte>(rowsOfColumn));
    }

    public bool Has(byte octet) => octet < 128 && ((_rowsOfColumn[octet & 15] >> (octet >> 4)) & 1) != 0;

    /// <summary>A bit for each octet, the first one lowest: set where the octet is not of the set. Only where <see cref="CanLookAtMany"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Strangers(Vector128<byte> octets)
    {
        Vector128<byte> column = octets & Vector128.Create((byte)15), row = (octets.AsUInt16() >>> 4).AsByte() & Vector128.Create((byte)15);
        Vector128<byte> bitOfRow = Vector128.Create(1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0);
        return Vector128.Equals(LookUp(_rowsOfColumn, column) & LookUp(bitOfRow, row), Vector128<byte>.Zero).ExtractMostSignificantBits();
    }

    // Vector128.Shuffle would be this, but is a call in code that is compiled ahead of time for any machine.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> LookUp(Vector128<byte> table, Vector128<byte> places) =>
        AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.VectorTableLookup(table, places) : Ssse3.Shuffle(table, places);
}
