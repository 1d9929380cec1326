// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Isthmus.Sip;

/// <summary>The table of header names: one row a header, with its compact form (RFC 3261 §7.3.3 and the RFCs that add headers).</summary>
public static class HeaderNames
{
    private static readonly (HeaderName Name, string Text, char Compact)[] Table =
    [
        (HeaderName.Accept, "Accept", '\0'),
        (HeaderName.AcceptContact, "Accept-Contact", 'a'),
        (HeaderName.AcceptEncoding, "Accept-Encoding", '\0'),
        (HeaderName.AcceptLanguage, "Accept-Language", '\0'),
        (HeaderName.AlertInfo, "Alert-Info", '\0'),
        (HeaderName.Allow, "Allow", '\0'),
        (HeaderName.AllowEvents, "Allow-Events", 'u'),
        (HeaderName.AuthenticationInfo, "Authentication-Info", '\0'),
        (HeaderName.Authorization, "Authorization", '\0'),
        (HeaderName.CallId, "Call-ID", 'i'),
        (HeaderName.CallInfo, "Call-Info", '\0'),
        (HeaderName.Contact, "Contact", 'm'),
        (HeaderName.ContentDisposition, "Content-Disposition", '\0'),
        (HeaderName.ContentEncoding, "Content-Encoding", 'e'),
        (HeaderName.ContentLanguage, "Content-Language", '\0'),
        (HeaderName.ContentLength, "Content-Length", 'l'),
        (HeaderName.ContentType, "Content-Type", 'c'),
        (HeaderName.CSeq, "CSeq", '\0'),
        (HeaderName.Date, "Date", '\0'),
        (HeaderName.ErrorInfo, "Error-Info", '\0'),
        (HeaderName.Event, "Event", 'o'),
        (HeaderName.Expires, "Expires", '\0'),
        (HeaderName.FlowTimer, "Flow-Timer", '\0'),
        (HeaderName.From, "From", 'f'),
        (HeaderName.InReplyTo, "In-Reply-To", '\0'),
        (HeaderName.MaxBreadth, "Max-Breadth", '\0'),
        (HeaderName.MaxForwards, "Max-Forwards", '\0'),
        (HeaderName.MimeVersion, "MIME-Version", '\0'),
        (HeaderName.MinExpires, "Min-Expires", '\0'),
        (HeaderName.MinSe, "Min-SE", '\0'),
        (HeaderName.Organization, "Organization", '\0'),
        (HeaderName.Path, "Path", '\0'),
        (HeaderName.Priority, "Priority", '\0'),
        (HeaderName.ProxyAuthenticate, "Proxy-Authenticate", '\0'),
        (HeaderName.ProxyAuthorization, "Proxy-Authorization", '\0'),
        (HeaderName.ProxyRequire, "Proxy-Require", '\0'),
        (HeaderName.RAck, "RAck", '\0'),
        (HeaderName.Reason, "Reason", '\0'),
        (HeaderName.RecordRoute, "Record-Route", '\0'),
        (HeaderName.ReferTo, "Refer-To", 'r'),
        (HeaderName.ReferredBy, "Referred-By", 'b'),
        (HeaderName.RejectContact, "Reject-Contact", 'j'),
        (HeaderName.Replaces, "Replaces", '\0'),
        (HeaderName.ReplyTo, "Reply-To", '\0'),
        (HeaderName.RequestDisposition, "Request-Disposition", 'd'),
        (HeaderName.Require, "Require", '\0'),
        (HeaderName.RetryAfter, "Retry-After", '\0'),
        (HeaderName.Route, "Route", '\0'),
        (HeaderName.RSeq, "RSeq", '\0'),
        (HeaderName.Server, "Server", '\0'),
        (HeaderName.ServiceRoute, "Service-Route", '\0'),
        (HeaderName.SessionExpires, "Session-Expires", 'x'),
        (HeaderName.SipETag, "SIP-ETag", '\0'),
        (HeaderName.SipIfMatch, "SIP-If-Match", '\0'),
        (HeaderName.Subject, "Subject", 's'),
        (HeaderName.SubscriptionState, "Subscription-State", '\0'),
        (HeaderName.Supported, "Supported", 'k'),
        (HeaderName.Timestamp, "Timestamp", '\0'),
        (HeaderName.To, "To", 't'),
        (HeaderName.Unsupported, "Unsupported", '\0'),
        (HeaderName.UserAgent, "User-Agent", '\0'),
        (HeaderName.Via, "Via", 'v'),
        (HeaderName.Warning, "Warning", '\0'),
        (HeaderName.WwwAuthenticate, "WWW-Authenticate", '\0'),
    ];

    /// <summary>One more than the largest <see cref="HeaderName"/>.</summary>
    internal static readonly int Count = Table.Length + 1;

    private const int Places = 256; // as many as an octet can say

    private static readonly string[] Texts = MakeTexts();
    private static readonly byte[][] FieldStarts = [.. Texts.Select(text => Encoding.ASCII.GetBytes(text + ": "))];
    private static readonly Spelling[] Spellings = MakeSpellings();

    // From the place 15 - n on, sixteen octets leave n + 1.
    private static ReadOnlySpan<byte> Masks =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>The name as it is written on the wire; empty for <see cref="HeaderName.Other"/>.</summary>
    public static string Text(HeaderName name) => Texts[(int)name];

    /// <summary>The header of that name, in any case, or of that compact form.</summary>
    public static HeaderName Find(ReadOnlySpan<byte> text)
    {
        int at = PlaceOf(Beginning(text));
        while (Spellings[at].Text is { } spelling && !Ascii.EqualsIgnoreCase(text, spelling))
        {
            at = (byte)(at + 1);
        }

        return Spellings[at].Name;
    }

    /// <summary>
    /// The header whose name begins there and ends at a colon, in any case, or of that compact form: as <see cref="Find"/>, in a few steps for names of up to
    /// 15 letters. Where it says <see cref="HeaderName.Other"/>, the place is the beginning, and nothing is known of the name.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // into the one loop that asks for every field
    internal static HeaderName Recognise(ReadOnlySpan<byte> text, int at, out int colon)
    {
        colon = at;
        if (at + Vector128<byte>.Count > text.Length)
        {
            return HeaderName.Other;
        }

        Spelling[] spellings = Spellings;
        Vector128<byte> octets = Vector128.Create(text.Slice(at, Vector128<byte>.Count));
        uint colons = Vector128.Equals(octets, Vector128.Create((byte)':')).ExtractMostSignificantBits();
        if (colons == 0)
        {
            return HeaderName.Other;
        }

        int length = BitOperations.TrailingZeroCount(colons);
        Vector128<byte> beginning = LowerCase(octets) & Vector128.Create(Masks.Slice(Vector128<byte>.Count - 1 - length, Vector128<byte>.Count));
        ref readonly Spelling spelling = ref spellings[PlaceOf(beginning)];
        HeaderName name = spelling.Beginning == beginning ? spelling.Name : Elsewhere(beginning);
        colon = name == HeaderName.Other ? at : at + length;
        return name;
    }

    // Where another name has the place.
    private static HeaderName Elsewhere(Vector128<byte> beginning)
    {
        int place = PlaceOf(beginning);
        while (Spellings[place].Name != HeaderName.Other && Spellings[place].Beginning != beginning)
        {
            place = (byte)(place + 1);
        }

        return Spellings[place].Name;
    }

    /// <summary>The name, the colon and a space: how a field begins that we write.</summary>
    internal static ReadOnlySpan<byte> FieldStart(HeaderName name) => FieldStarts[(int)name];

    // The name and its colon, as much of them as there is room for.
    private static Vector128<byte> Beginning(ReadOnlySpan<byte> name)
    {
        Span<byte> octets = stackalloc byte[Vector128<byte>.Count];
        octets.Clear();
        name[..Math.Min(name.Length, octets.Length)].CopyTo(octets);
        if (name.Length < octets.Length)
        {
            octets[name.Length] = (byte)':';
        }

        return LowerCase(Vector128.Create<byte>(octets));
    }

    // 0x40 to 0x5F become 0x60 to 0x7F, all else stays: no other octet becomes a letter, a hyphen or the colon.
    private static Vector128<byte> LowerCase(Vector128<byte> name) => name | ((name.AsUInt16() & Vector128.Create((ushort)0x4040)) >>> 1).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte PlaceOf(Vector128<byte> beginning) => (byte)(((beginning.AsUInt64().GetElement(0) + (beginning.AsUInt64().GetElement(1) * 3)) * 0x9E37_79B9_7F4A_7C15) >> 56);

    private static string[] MakeTexts()
    {
        var texts = new string[Table.Length + 1];
        texts[0] = "";
        foreach (var (name, text, _) in Table)
        {
            texts[(int)name] = text;
        }

        return texts;
    }

    private static Spelling[] MakeSpellings()
    {
        var spellings = new Spelling[Places];
        foreach (var (name, text, compact) in Table)
        {
            Add(spellings, name, text);
            if (compact != '\0')
            {
                Add(spellings, name, compact.ToString());
            }
        }

        return spellings;
    }

    private static void Add(Spelling[] spellings, HeaderName name, string text)
    {
        byte[] octets = Encoding.ASCII.GetBytes(text);
        int place = PlaceOf(Beginning(octets));
        while (spellings[place].Text is not null)
        {
            place = (byte)(place + 1);
        }

        spellings[place] = new(name, octets, Beginning(octets));
    }

    /// <summary>One way to write a name. They stand in a table where their beginning says; what finds its place taken stands in the next.</summary>
    private readonly record struct Spelling(HeaderName Name, byte[]? Text, Vector128<byte> Beginning);
}
