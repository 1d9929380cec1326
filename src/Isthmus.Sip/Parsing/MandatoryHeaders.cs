// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>What every message must have (RFC 3261 §8.1.1), checked without making anything: the typed getters then cannot fail.</summary>
internal static class MandatoryHeaders
{
    /// <summary>The first fault, and where there is none the parts of all of them.</summary>
    public static SipFault? Check(in MessageMemory memory, SipMethod? method, bool needsVia, out MandatoryParts parts)
    {
        parts = default;
        int from = 0, to = 0, callId = 0, cseq = 0;
        return TopVia(memory, needsVia, ref parts) ?? Once(memory, HeaderName.From, ref from) ?? Once(memory, HeaderName.To, ref to) ?? Once(memory, HeaderName.CallId, ref callId)
            ?? Once(memory, HeaderName.CSeq, ref cseq) ?? Address(memory.Value(from), "Malformed From", ref parts.From) ?? Address(memory.Value(to), "Malformed To", ref parts.To)
            ?? CallId(memory.Value(callId)) ?? Sequence(memory.Value(cseq), method, ref parts) ?? MaxForwards(memory, ref parts);
    }

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

    private static SipFault? TopVia(in MessageMemory memory, bool isNeeded, ref MandatoryParts parts)
    {
        int at = memory.Find(HeaderName.Via);
        if (at < 0)
        {
            return isNeeded ? new(400, "Missing Via") : null;
        }

        return ViaParts.TryScanFirst(memory.Value(at), out parts.Via) && !parts.Via.HasBareBranch ? null : new(400, "Malformed Via");
    }

    private static SipFault? Once(in MessageMemory memory, HeaderName name, ref int at)
    {
        at = memory.Find(name);
        return at < 0 ? new(400, $"Missing {HeaderNames.Text(name)}")
            : memory.HasSeveral(name) ? new(400, $"More than one {HeaderNames.Text(name)}")
            : null;
    }

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
        int at = memory.Find(HeaderName.MaxForwards);
        parts.MaxForwards = -1;
        if (at < 0)
        {
            return null;
        }

        bool good = Numbers.TryParse(memory.Value(at), 255, out uint hops) && !memory.HasSeveral(HeaderName.MaxForwards);
        parts.MaxForwards = (int)hops;
        return good ? null : new(400, "Malformed Max-Forwards");
    }
}
