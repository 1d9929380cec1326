// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Tests.DualStack;

/// <summary>The session descriptions that the tests offer.</summary>
internal static class Bodies
{
    public const string V4 = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
    public const string V6 = "v=0\r\no=- 1 1 IN IP6 2001:db8::1\r\ns=-\r\nc=IN IP6 2001:db8::1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
    public const string Mixed = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\nm=video 4002 RTP/AVP 31\r\nc=IN IP6 2001:db8::1\r\n";
    public const string Anat = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\na=group:ANAT 1 2\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP6 2001:db8::1\r\na=mid:1\r\nm=audio 4002 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\na=mid:2\r\n";

    private const string Ice = "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=candidate:1 1 UDP 2130706431 192.0.2.1 4000 typ host\r\na=candidate:2 1 UDP 2130706430 2001:db8::1 4000 typ host\r\n";

    public static string V4Ice => V4 + Ice;

    public static string V6Ice => V6 + Ice;

    public static string V4Altc => V4 + "a=altc:1 IP6 2001:db8::1 4000\r\na=altc:2 IP4 192.0.2.1 4000\r\n";

    public static string V6Altc => V6 + "a=altc:1 IP6 2001:db8::1 4000\r\na=altc:2 IP4 192.0.2.1 4000\r\n";

    public static byte[] Bytes(string body) => Encoding.UTF8.GetBytes(body);
}
