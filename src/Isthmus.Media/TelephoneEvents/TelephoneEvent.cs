// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Isthmus.Media;

/// <summary>The payload of a telephone-event packet (RFC 4733 §2.3).</summary>
/// <param name="Code">0 to 15 for DTMF.</param>
/// <param name="IsEnd">The E bit.</param>
/// <param name="Volume">Power below 0 dBm0, 0 to 63.</param>
/// <param name="Duration">In timestamp units since the packet's timestamp.</param>
internal readonly record struct TelephoneEvent(byte Code, bool IsEnd, byte Volume, ushort Duration)
{
    public const int Length = 4;

    public static bool TryParse(ReadOnlySpan<byte> payload, out TelephoneEvent telephoneEvent)
    {
        telephoneEvent = default;
        if (payload.Length < Length)
            return false;
        telephoneEvent = new TelephoneEvent(
            payload[0], (payload[1] & 0x80) != 0, (byte)(payload[1] & 0x3f), BinaryPrimitives.ReadUInt16BigEndian(payload[2..]));
        return true;
    }

    public void Write(Span<byte> payload)
    {
        payload[0] = Code;
        payload[1] = (byte)((IsEnd ? 0x80 : 0) | (Volume & 0x3f));
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], Duration);
    }
}
