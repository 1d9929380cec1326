// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>What every message must have (RFC 3261 §8.1.1), checked without making anything: the typed getters then cannot fail.</summary>
internal static class MandatoryHeaders
{
    public static SipFault? Check(in MessageMemory memory, ReadOnlySpan<byte> method, bool needsVia)
    {
        int from = 0, to = 0, callId = 0, cseq = 0;
        return TopVia(memory, needsVia) ?? Once(memory, HeaderName.From, out from) ?? Once(memory, HeaderName.To, out to) ?? Once(memory, HeaderName.CallId, out callId)
            ?? Once(memory, HeaderName.CSeq, out cseq) ?? Address(memory, from, "Malformed From") ?? Address(memory, to, "Malformed To")
            ?? CallId(memory.Value(callId)) ?? Sequence(memory.Value(cseq), method) ?? MaxForwards(memory);
    }

    private static SipFault? TopVia(in MessageMemory memory, bool isNeeded)
    {
        int at = memory.Find(HeaderName.Via);
        if (at < 0)
        {
            return isNeeded ? new(400, "Missing Via") : null;
        }

        var vias = new ElementList(memory.Value(at));
        vias.MoveNext();
        return Via.TryScan(vias.Current, out _) ? null : new(400, "Malformed Via");
    }

    /// <summary>Content-Length: null where absent; a fault where malformed or contradictory.</summary>
    public static SipFault? ContentLength(in MessageMemory memory, out int? length)
    {
        length = null;
        for (int at = memory.Find(HeaderName.ContentLength); at >= 0; at = memory.FindNext(HeaderName.ContentLength, at))
        {
            if (!Numbers.TryParse(memory.Value(at), int.MaxValue, out uint value))
            {
                return new(400, "Malformed Content-Length");
            }

            if (length is { } earlier && earlier != value)
            {
                return new(400, "Contradictory Content-Length");
            }

            length = (int)value;
        }

        return null;
    }

    private static SipFault? Once(in MessageMemory memory, HeaderName name, out int at)
    {
        at = memory.Find(name);
        return at < 0 ? new(400, $"Missing {HeaderNames.Text(name)}")
            : memory.HasSeveral(name) ? new(400, $"More than one {HeaderNames.Text(name)}")
            : null;
    }

    private static SipFault? Address(in MessageMemory memory, int at, string reason) => NameAddr.TryScan(memory.Value(at), out _) ? null : new(400, reason);

    // callid = word [ "@" word ]
    private static SipFault? CallId(ReadOnlySpan<byte> value)
    {
        int at = value.IndexOf((byte)'@');
        var first = at < 0 ? value : value[..at];
        bool good = !first.IsEmpty && !first.ContainsAnyExcept(Characters.Word)
            && (at < 0 || (at + 1 < value.Length && !value[(at + 1)..].ContainsAnyExcept(Characters.Word)));
        return good ? null : new(400, "Malformed Call-ID");
    }

    private static SipFault? Sequence(ReadOnlySpan<byte> value, ReadOnlySpan<byte> method)
    {
        int gap = value.IndexOfAny(" \t\r\n"u8);
        if (gap <= 0 || !Numbers.TryParse(value[..gap], uint.MaxValue, out _) || !Characters.IsToken(Characters.Trim(value[gap..])))
        {
            return new(400, "Malformed CSeq");
        }

        return method.IsEmpty || Characters.Trim(value[gap..]).SequenceEqual(method) ? null : new(400, "CSeq method does not match");
    }

    private static SipFault? MaxForwards(in MessageMemory memory)
    {
        int at = memory.Find(HeaderName.MaxForwards);
        return at < 0 || (Numbers.TryParse(memory.Value(at), 255, out _) && !memory.HasSeveral(HeaderName.MaxForwards)) ? null : new(400, "Malformed Max-Forwards");
    }
}
