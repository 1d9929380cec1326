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
        bool asksPort = ParameterText.TryFind(via.Parameters, "rport"u8, out ParameterText rport);
        bool hasReceived = ParameterText.TryFind(via.Parameters, "received"u8, out ParameterText received);
        if (!asksPort && !hasReceived && Host.From(address).IsWrittenAs(via.Host))
        {
            return; // a received of the sender's own would send the answer elsewhere
        }

        var atReceived = hasReceived ? Place.Of(memory, received) : new Place(OffsetOf(memory, via.Text) + via.Text.Length, 0, IsNew: true);
        var atPort = asksPort ? Place.Of(memory, rport) : default;

        // What stands further behind is written first: so the other's place stays where it is.
        if (atPort.At > atReceived.At)
        {
            Write(ref memory, atPort, source.Port);
            Write(ref memory, atReceived, address);
        }
        else
        {
            Write(ref memory, atReceived, address);
            if (asksPort)
            {
                Write(ref memory, atPort, source.Port);
            }
        }
    }

    private static void Write<T>(ref MessageMemory memory, Place place, T value)
        where T : IUtf8SpanFormattable
    {
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
        public static Place Of(in MessageMemory memory, ParameterText parameter) => parameter.HasValue
            ? new(OffsetOf(memory, parameter.Value), parameter.Value.Length, IsNew: false)
            : new(OffsetOf(memory, parameter.Name) + parameter.Name.Length, 0, IsNew: false);
    }
}
