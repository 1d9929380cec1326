// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
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

    private static readonly string[] Texts = MakeTexts();
    private static readonly byte[][] Bytes = [.. Texts.Select(Encoding.ASCII.GetBytes)];
    private static readonly byte[][] FieldStarts = [.. Texts.Select(text => Encoding.ASCII.GetBytes(text + ": "))];
    private static readonly byte[] NextInBucket = new byte[Count];
    private static readonly byte[] FirstOfBucket = MakeBuckets(NextInBucket);
    private static readonly Vector128<byte>[] LowerCase = [.. Texts.Select(text => First(text.Length < 16 ? text.ToLowerInvariant().PadRight(15, '\0') + (char)text.Length : text))];
    private static readonly Vector128<byte>[] Masks = [.. Enumerable.Range(0, Vector128<byte>.Count).Select(length => First(new string((char)0xff, length)))];
    private static readonly HeaderName[] Compacts = MakeCompacts();

    /// <summary>The name as it is written on the wire; empty for <see cref="HeaderName.Other"/>.</summary>
    public static string Text(HeaderName name) => Texts[(int)name];

    /// <summary>The header of that name, in any case, or of that compact form.</summary>
    public static HeaderName Find(ReadOnlySpan<byte> text)
    {
        if (text.Length == 1)
        {
            return text[0] < 128 ? Compacts[text[0] | 0x20] : HeaderName.Other;
        }

        if (text.IsEmpty)
        {
            return HeaderName.Other;
        }

        for (int candidate = FirstOfBucket[Bucket(text)]; candidate != 0; candidate = NextInBucket[candidate])
        {
            byte[] name = Bytes[candidate];
            if (text.SequenceEqual(name) || Ascii.EqualsIgnoreCase(text, name))
            {
                return (HeaderName)candidate;
            }
        }

        return HeaderName.Other;
    }

    /// <summary>
    /// The header whose name begins there and ends at a colon, in any case, or of that compact form: as <see cref="Find"/>, in a few steps for names of up to
    /// 15 letters. Where it says <see cref="HeaderName.Other"/>, the place is the beginning, and nothing is known of the name.
    /// </summary>
    internal static HeaderName Recognise(ReadOnlySpan<byte> text, int at, out int colon)
    {
        colon = at;
        if (text.Length - at < Vector128<byte>.Count)
        {
            return HeaderName.Other;
        }

        Vector128<byte> letters = Vector128.Create(text.Slice(at, Vector128<byte>.Count));
        uint colons = Vector128.Equals(letters, Vector128.Create((byte)':')).ExtractMostSignificantBits();
        int length = BitOperations.TrailingZeroCount(colons);
        if (length is 0 or >= 16)
        {
            return HeaderName.Other;
        }

        if (length == 1)
        {
            HeaderName compact = text[at] < 128 ? Compacts[text[at] | 0x20] : HeaderName.Other;
            colon = compact == HeaderName.Other ? at : at + 1;
            return compact;
        }

        // 0x40 to 0x5F become 0x60 to 0x7F, all else stays: no other octet becomes a letter or a hyphen.
        Vector128<byte> lower = ((letters | ((letters.AsUInt16() & Vector128.Create((ushort)0x4040)) >>> 1).AsByte()) & Masks[length]).WithElement(15, (byte)length);
        for (int candidate = FirstOfBucket[Bucket(text.Slice(at, length))]; candidate != 0; candidate = NextInBucket[candidate])
        {
            if (LowerCase[candidate] == lower)
            {
                colon = at + length;
                return (HeaderName)candidate;
            }
        }

        return HeaderName.Other;
    }

    /// <summary>The name, the colon and a space: how a field begins that we write.</summary>
    internal static ReadOnlySpan<byte> FieldStart(HeaderName name) => FieldStarts[(int)name];

    // Length, first and last letter tell nearly all names apart.
    private static int Bucket(ReadOnlySpan<byte> text) => ((text.Length * 37) + ((text[0] | 0x20) * 11) + (text[^1] | 0x20)) & 255;

    private static Vector128<byte> First(string letters)
    {
        Span<byte> first = stackalloc byte[Vector128<byte>.Count];
        first.Clear();
        Encoding.Latin1.GetBytes(letters.AsSpan(0, Math.Min(letters.Length, first.Length)), first);
        return Vector128.Create<byte>(first);
    }

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

    private static byte[] MakeBuckets(byte[] next)
    {
        var first = new byte[256];
        for (int name = 1; name < Count; name++)
        {
            int bucket = Bucket(Bytes[name]);
            (next[name], first[bucket]) = (first[bucket], (byte)name);
        }

        return first;
    }

    private static HeaderName[] MakeCompacts()
    {
        var compacts = new HeaderName[128];
        foreach (var (name, _, compact) in Table)
        {
            if (compact != '\0')
            {
                compacts[compact] = name;
            }
        }

        return compacts;
    }
}
