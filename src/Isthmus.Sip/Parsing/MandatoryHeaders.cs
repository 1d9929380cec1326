// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace Isthmus.Sip;

/// <summary>What every message must have (RFC 3261 §8.1.1), checked without making anything: the typed getters then cannot fail.</summary>
internal static class MandatoryHeaders
{
    /// <summary>The first fault, and where there is none the parts of all of them.</summary>
    public static SipFault? Check(in MessageMemory memory, SipMethod? method, bool needsVia, ref MandatoryParts parts) =>
        TopVia(memory, needsVia, ref parts.Via)
        ?? Once(memory, HeaderName.From) ?? Once(memory, HeaderName.To) ?? Once(memory, HeaderName.CallId) ?? Once(memory, HeaderName.CSeq)
        ?? Address(memory.ValueOf(HeaderName.From), "Malformed From", ref parts.From) ?? Address(memory.ValueOf(HeaderName.To), "Malformed To", ref parts.To)
        ?? CallId(memory.ValueOf(HeaderName.CallId)) ?? Sequence(memory.ValueOf(HeaderName.CSeq), method, ref parts) ?? MaxForwards(memory, ref parts);

    /// <summary>Content-Length: negative where absent; a fault where malformed or contradictory.</summary>
    public static SipFault? ContentLength(in MessageMemory memory, out int length)
    {
        length = -1;
        for (int at = memory.Find(HeaderName.ContentLength); at >= 0; at = memory.FindNext(HeaderName.ContentLength, at))
        {
            if (!Numbers.TryParse(memory.Value(at), int.MaxValue, out uint value))
            {
                return new(400, "Malformed Content-Length");
            }

            if (length >= 0 && length != value)
            {
                return new(400, "Contradictory Content-Length");
            }

            length = (int)value;
        }

        return null;
    }

    private static SipFault? TopVia(in MessageMemory memory, bool isNeeded, ref ViaParts via)
    {
        if (memory.Find(HeaderName.Via) < 0)
        {
            via = default;
            return isNeeded ? new(400, "Missing Via") : null;
        }

        return ViaParts.TryScanFirst(memory.ValueOf(HeaderName.Via), out via) && !via.HasBareBranch ? null : new(400, "Malformed Via");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static SipFault? Once(in MessageMemory memory, HeaderName name) => memory.HasOne(name) ? null : NotOnce(memory, name);

    private static SipFault NotOnce(in MessageMemory memory, HeaderName name) => new(400, $"{(memory.HasSeveral(name) ? "More than one" : "Missing")} {HeaderNames.Text(name)}");

    private static SipFault? Address(ReadOnlySpan<byte> value, string reason, ref AddressParts parts) =>
        AddressParts.TryScan(value, out parts) && !parts.HasBareTag ? null : new(400, reason);

    // callid = word [ "@" word ]
    private static SipFault? CallId(ReadOnlySpan<byte> value)
    {
        int end = Scan.Over(value, 0, Characters.Word);
        bool isGood = end > 0 && (end == value.Length || (value[end] == '@' && end + 1 < value.Length && Scan.Over(value, end + 1, Characters.Word) == value.Length));
        return isGood ? null : new(400, "Malformed Call-ID");
    }

    private static SipFault? Sequence(ReadOnlySpan<byte> value, SipMethod? method, ref MandatoryParts parts)
    {
        int numberEnd = Numbers.Scan(value, 0, uint.MaxValue, out parts.CSeqNumber);
        int nameStart = Scan.OverWhite(value, Math.Max(numberEnd, 0));
        var name = value[nameStart..];
        if (numberEnd < 0 || nameStart == numberEnd || !SipMethod.TryRead(name, out parts.CSeqMethod))
        {
            return new(400, "Malformed CSeq");
        }

        return method is null || parts.CSeqMethod == method ? null : new(400, "CSeq method does not match");
    }

    private static SipFault? MaxForwards(in MessageMemory memory, ref MandatoryParts parts)
    {
        parts.MaxForwards = -1;
        if (memory.Find(HeaderName.MaxForwards) < 0)
        {
            return null;
        }

        bool isGood = Numbers.TryParse(memory.ValueOf(HeaderName.MaxForwards), 255, out uint hops) && memory.HasOne(HeaderName.MaxForwards);
        parts.MaxForwards = (int)hops;
        return isGood ? null : new(400, "Malformed Max-Forwards");
    }
}
