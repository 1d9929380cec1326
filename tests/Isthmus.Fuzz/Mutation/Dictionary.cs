// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Fuzz.Mutation;

/// <summary>Pieces of SIP and SDP that mean something to a parser, and pieces that should not.</summary>
internal static class Dictionary
{
    public static readonly byte[] Bytes = [0, 9, 10, 13, 32, .. "\"<>;,:@[]()%\\=?&/*+-._~'"u8, .. "09azAZ"u8, 0x7f, 0x80, 0xbf, 0xc0, 0xc3, 0xe2, 0xf0, 0xfe, 0xff];

    public static readonly byte[][] Numbers = Encode(
        "0", "00", "1", "-1", "+1", "9", "255", "256", "65535", "65536", "99999", "2147483647", "2147483648", "4294967295", "4294967296", "9999999999",
        "18446744073709551615", "18446744073709551616", "36893488147419103232", "1e9", "0x10", "1.5", "0.001", "1.000", "1.001", "", new string('9', 100), new string('0', 100) + "7");

    public static readonly byte[][] Hosts = Encode(
        "[::]", "[::1]", "[2001:db8::1]", "[2001:DB8:0:0:0:0:0:1]", "[2001:0db8:0000:0000:0000:0000:0000:0001]", "[::ffff:192.0.2.1]", "[::192.0.2.1]", "[64:ff9b::192.0.2.1]",
        "[2001:db8:::192.0.2.1]", "[fe80::1%lo]", "[fe80::1%25lo]", "[fe80::1%1]", "[fe80::1%" + new string('z', 120) + "]", "[fe80::1%]", "[::1", "::1]", "::1", "2001:db8::10:5070", "[1::2::3]",
        "[::1/64]", "[v1.x]", "[192.0.2.1]", "[]", "[[::1]]", "192.0.2.1", "192.0.2.256", "1.2.3", "010.1.1.1", "0x7f.1", "2130706433", "255.255.255.255", "a.example", "A.EXAMPLE.", "a..b", "-a.b", "a_b.c",
        "xn--bcher-kva.example", "b\u00fccher.example", "", ".", "[::1]:5060", "[::1]:", "[::1]:65536", "h:0", "h:05060", "h:-1", new string('a', 256) + ".example");

    public static readonly byte[][] Pieces = Encode(
        "\r\n", "\r\n\r\n", "\n", "\r", "\r\n ", "\r\n\t", "\n ", " ", "\t", "\"", "\\\"", "\"\"", "\\", "<", ">", "<>", ";", ";;", ";=", ";a", ";a=", ";a=b", ";a=\"b\"", ";a=\"", ",", ",,", "*", "=", ":", "@", "%", "%00",
        "%25", "%41", "%4", "%zz", "%ff", "%0d%0a", "\0", "\u00e9", "\u8a9e", "\ud83d\ude00", "\ufeff", "?", "?a=b", "?Route=%3Csip:x%3E", "&", "SIP/2.0", "SIP/3.0", "sip/2.0", "SIP/2.0/UDP", "SIP/2.0/TCP ", "SIP / 2.0 / TLS", "sip:", "sips:", "SIP:",
        "tel:+1-201-555-0123", "tel:", "urn:service:sos", "http://a/b", "sip:a@b", "sip:a:b@c", "<sip:a@b;lr>", "<sip:[2001:db8::1]:5060;lr;transport=tcp>", "\"A, \\\"B\" <sip:a@b>;tag=c", ";lr", ";tag=x", ";branch=z9hG4bK",
        ";received=2001:db8::1", ";received=[2001:db8::1]", ";received=192.0.2.1", ";rport", ";rport=5060", ";maddr=[::1]", ";ttl=1", ";q=0.5", ";q=2", ";expires=60", ";transport=udp", ";gr", ";gr=x", ";ob",
        ";+sip.instance=\"<urn:uuid:0>\"", ";reg-id=1", "Content-Length: 0\r\n", "l: 0\r\n", "Content-Length : 3\r\n", "v: SIP/2.0/UDP h\r\n", "Via: SIP/2.0/UDP [::1]:5060;branch=z9hG4bKx\r\n", "m: *\r\n", "f: <sip:a@b>\r\n", "t: sip:a@b\r\n",
        "i: x\r\n", "CSeq: 1 INVITE\r\n", "Max-Forwards: 0\r\n", "Route: <sip:a;lr>, <sip:b;lr>\r\n", "Record-Route: <sip:a>\r\n", "Contact: a, b\r\n", "Supported: ip-redirect, path\r\n", "Require: x\r\n",
        "Warning: 300 h \"Incompatible network protocol: use IP6\"\r\n", "Warning: 301 [::1]:5060 \"Incompatible network address formats: use IP4\"\r\n", "Content-Type: application/sdp\r\n", "Content-Type: multipart/mixed;boundary=x\r\n", "Content-Encoding: gzip\r\n",
        "c=IN IP4 192.0.2.1\r\n", "c=IN IP6 2001:db8::1\r\n", "c=IN IP4 0.0.0.0\r\n", "c=IN IP6 ::\r\n", "c=IN IP4 224.2.1.1/127/3\r\n", "m=audio 0 RTP/AVP 0\r\n", "m=audio 49170/2 RTP/AVP 0 8\r\n", "m=video 99999 RTP/AVP 31\r\n", "a=inactive\r\n",
        "a=candidate:1 1 UDP 2130706431 2001:db8::1 8998 typ host\r\n", "a=candidate:2 1 TCP 1 192.0.2.1 9 typ srflx raddr 10.0.0.1 rport 9 tcptype active\r\n", "a=altc:1 IP6 2001:db8::1 45678\r\n", "a=altc:2 IP4 192.0.2.1 45678\r\n",
        "a=group:ANAT 1 2\r\n", "a=mid:1\r\n", "a=ice-ufrag:x\r\n", "a=rtcp:1 IN IP6 ::1\r\n", "a=rtpmap:0 PCMU/8000\r\n", "a=fmtp:101 0-15\r\n", "t=0 0\r\n", "v=0\r\n", "o=- 1 1 IN IP6 ::1\r\n", "s=-\r\n", "b=AS:64\r\n", "r=1\r\n", "--x\r\n", "--x--\r\n", "IP4", "IP6",
        "<a/>", "</tuple>", "<tuple id=\"t1\">", "<!DOCTYPE a [<!ENTITY b \"b\">]>", "&b;", "&amp;", "&#0;", "&#x10ffff;", "<![CDATA[", "]]>", "<!--", "-->", "<?a?>", " xmlns=\"\"", " xmlns:a=\"urn:a\"", " a:b=\"c\"", " id=\"t1\"", " xml:lang=\"en\"",
        "<basic>open</basic>", "<rpid:away/>", " version=\"-1\"", " encoding=\"utf-16\"", " encoding=\"utf-7\"");

    public static readonly byte[] Nesting = [.. "<>\"[](),;:= \t%\\@"u8];

    private static byte[][] Encode(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
