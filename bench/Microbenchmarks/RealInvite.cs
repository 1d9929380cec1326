// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Microbenchmarks;

/// <summary>An INVITE as a phone sends it through its outbound proxy: 14 header fields and an SDP offer.</summary>
internal static class RealInvite
{
    public static byte[] Bytes { get; } = Encoding.UTF8.GetBytes(
        """
        INVITE sip:bob@example.com SIP/2.0
        Via: SIP/2.0/UDP [2001:db8:10::5]:5060;branch=z9hG4bK4f1a09c1d7e3b582;rport
        Max-Forwards: 70
        Route: <sip:sip.example.com;lr>
        From: "Alice Ångström" <sip:alice@example.com>;tag=9fxced76sl
        To: <sip:bob@example.com>
        Call-ID: 3848276298220188511@phone.example.com
        CSeq: 2 INVITE
        Contact: <sip:alice@[2001:db8:10::5]:5060>;+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>"
        Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, INFO, UPDATE, MESSAGE
        Supported: replaces, outbound, ip-redirect
        User-Agent: Isthmus/0.1
        Content-Type: application/sdp
        Content-Length: 234

        v=0
        o=alice 2890844526 2890844526 IN IP6 2001:db8:10::5
        s=-
        c=IN IP6 2001:db8:10::5
        t=0 0
        m=audio 49170 RTP/AVP 0 8 101
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-15
        a=sendrecv

        """.ReplaceLineEndings("\r\n"));
}
