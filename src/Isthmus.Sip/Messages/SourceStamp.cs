// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;

namespace Isthmus.Sip;

/// <summary>Writes <c>received</c> and <c>rport</c> into the topmost Via where it stands (RFC 3261 §18.2.1, RFC 3581 §4).</summary>
internal static class SourceStamp
{
    private const int LongestText = 96; // a port, ";received=" and an IPv6 address with its zone

    public static void Put(ref MessageMemory memory, ref ViaParts via, IPEndPoint source)
    {
        IPAddress address = source.Address.Unmapped;
        int field = memory.Find(HeaderName.Via);
        if (!via.Rport.IsThere && !via.Received.IsThere && Host.From(address).IsWrittenAs(memory.Value(field)[via.HostStart..via.HostEnd]))
        {
            return; // a received of the sender's own would send the answer elsewhere
        }

        if (via.Rport.IsThere && !via.Rport.HasValue && !via.Received.IsThere)
        {
            PutBoth(ref memory, field, ref via, address, source.Port);
            return;
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

    // What nearly everybody asks for, in one go: a value for rport, and a received behind all.
    private static void PutBoth(ref MessageMemory memory, int field, ref ViaParts via, IPAddress address, int port)
    {
        Span<byte> text = stackalloc byte[LongestText];
        text[0] = (byte)'=';
        int first = 1 + Numbers.Write((uint)port, text[1..]);
        ";received="u8.CopyTo(text[first..]);
        _ = address.TryFormat(text[(first + ";received=".Length)..], out int second);
        second += ";received=".Length;
        int at = via.Rport.NameEnd, start = memory.Slots[field].ValueStart;
        memory.Insert(field, start + at, text[..first], start + via.End, text.Slice(first, second));
        via.Moved(at, first);
        via.Rport = new() { NameEnd = at, ValueStart = at + 1, ValueEnd = at + first };
        via.Received = new() { NameEnd = via.End + ";received".Length, ValueStart = via.End + ";received=".Length, ValueEnd = via.End + second };
        via.End += second;
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
