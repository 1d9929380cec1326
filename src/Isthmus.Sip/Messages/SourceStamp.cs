// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;

namespace Isthmus.Sip;

/// <summary>Writes <c>received</c> and <c>rport</c> into the topmost Via where it stands (RFC 3261 §18.2.1, RFC 3581 §4).</summary>
internal static class SourceStamp
{
    private const int LongestText = 80; // ";received=" and an IPv6 address with its zone

    public static void Put(ref MessageMemory memory, ViaView via, IPEndPoint source)
    {
        IPAddress address = source.Address.Unmapped;
        int parameters = OffsetOf(memory, via.Parameters), end = OffsetOf(memory, via.Text) + via.Text.Length;
        Place? atReceived = null, atPort = null;
        var walk = new ParameterWalk(via.Parameters);
        while (walk.MoveNext())
        {
            if (atReceived is null && walk.IsNamed("received"u8))
            {
                atReceived = Place.Of(walk, parameters);
            }
            else if (atPort is null && walk.IsNamed("rport"u8))
            {
                atPort = Place.Of(walk, parameters);
            }
        }

        if (atPort is null && atReceived is null && Host.From(address).IsWrittenAs(via.Host))
        {
            return; // a received of the sender's own would send the answer elsewhere
        }

        atReceived ??= new(end, 0, IsNew: true);

        // What stands further behind is written first: so the other's place stays where it is.
        bool portIsBehind = atPort?.At > atReceived.Value.At;
        if (portIsBehind)
        {
            Write(ref memory, atPort, source.Port);
        }

        Write(ref memory, atReceived, address);
        if (!portIsBehind)
        {
            Write(ref memory, atPort, source.Port);
        }
    }

    private static void Write<T>(ref MessageMemory memory, Place? where, T value)
        where T : IUtf8SpanFormattable
    {
        if (where is not { } place)
        {
            return;
        }

        Span<byte> text = stackalloc byte[LongestText];
        var before = place.IsNew ? ";received="u8 : place.Removed == 0 ? "="u8 : default;
        before.CopyTo(text);
        _ = value.TryFormat(text[before.Length..], out int length, default, CultureInfo.InvariantCulture);
        memory.Splice(memory.Find(HeaderName.Via), place.At, place.Removed, text[..(before.Length + length)]);
    }

    private static int OffsetOf(in MessageMemory memory, ReadOnlySpan<byte> part)
    {
        _ = memory.Span.Overlaps(part, out int offset);
        return offset;
    }

    /// <summary>Where a value goes, and how many octets of an old one leave.</summary>
    private readonly record struct Place(int At, int Removed, bool IsNew)
    {
        public static Place Of(in ParameterWalk parameter, int offset) => parameter.HasValue
            ? new(offset + parameter.ValueStart, parameter.ValueEnd - parameter.ValueStart, IsNew: false)
            : new(offset + parameter.NameEnd, 0, IsNew: false);
    }
}
