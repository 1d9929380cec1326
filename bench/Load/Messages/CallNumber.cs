// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;

namespace Isthmus.Load;

/// <summary>
/// A call's number as it stands in its branches and Call-ID, 16 hexadecimal digits: the place in the table of calls, and the count of calls. So an
/// answer finds its call without a search, and one that is too late is known for it.
/// </summary>
internal static class CallNumber
{
    public const int Digits = 16;

    /// <summary>The calls that can be in flight.</summary>
    public const int MostSlots = 1 << SlotBits;

    private const int SlotBits = 16;

    public static ulong Of(int slot, long count) => ((ulong)slot << (64 - SlotBits)) | ((ulong)count & (ulong.MaxValue >> SlotBits));

    public static int SlotOf(ulong call) => (int)(call >> (64 - SlotBits));

    public static long CountOf(ulong call) => (long)(call & (ulong.MaxValue >> SlotBits));

    /// <summary>Reads the number at the beginning of <paramref name="text"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out ulong call)
    {
        call = 0;
        return text.Length >= Digits && Utf8Parser.TryParse(text[..Digits], out call, out int read, 'x') && read == Digits;
    }
}
