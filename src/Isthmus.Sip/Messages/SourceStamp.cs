// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;

namespace Isthmus.Sip;

/// <summary>Writes <c>received</c> and <c>rport</c> into the topmost Via where it stands (RFC 3261 §18.2.1, RFC 3581 §4).</summary>
internal static class SourceStamp
{
    private const int LongestText = 80; // ";received=" and an IPv6 address with its zone

    public static void Put(ref MessageMemory memory, ref ViaParts via, IPEndPoint source)
    {
        IPAddress address = source.Address.Unmapped;
        int field = memory.Find(HeaderName.Via);
        if (!via.Rport.IsThere && !via.Received.IsThere && Host.From(address).IsWrittenAs(memory.Value(field)[via.HostStart..via.HostEnd]))
        {
            return; // a received of the sender's own would send the answer elsewhere
        }

        if (via.Rport.IsThere)
        {
            Write(ref memory, field, ref via, ref via.Rport, source.Port, "="u8);
        }

        if (!via.Received.IsThere)
        {
            via.Received.NameEnd = via.End;
            Write(ref memory, field, ref via, ref via.Received, address, ";received="u8);
        }
        else
        {
            Write(ref memory, field, ref via, ref via.Received, address, "="u8);
        }
    }

    // What stands in front of the value is written where there was none.
    private static void Write<T>(ref MessageMemory memory, int field, ref ViaParts via, ref ParameterPlace place, T value, ReadOnlySpan<byte> front)
        where T : IUtf8SpanFormattable
    {
        Span<byte> text = stackalloc byte[LongestText];
        front = place.HasValue ? default : front;
        front.CopyTo(text);
        _ = value.TryFormat(text[front.Length..], out int length, default, CultureInfo.InvariantCulture);
        length += front.Length;
        int at = place.HasValue ? place.ValueStart : place.NameEnd;
        int removed = place.ValueEnd - place.ValueStart;
        memory.Splice(field, memory.Slots[field].ValueStart + at, removed, text[..length]);
        via.Moved(at, length - removed);
        place = new() { NameEnd = place.HasValue ? place.NameEnd : at + front.Length - 1, ValueStart = at + front.Length, ValueEnd = at + length };
    }
}
