// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Steady.Workloads;

/// <summary>W3: a call from the first INVITE to the 200 for its BYE, record-routed, with the look-up of the callee.</summary>
internal sealed class Calling : IWorkload
{
    private static readonly byte[] Session = Encoding.ASCII.GetBytes(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0 8 101\r\n"
        + "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n");

    private static readonly byte[] WithSession = Encoding.ASCII.GetBytes($"Content-Type: application/sdp\r\nContent-Length: {Session.Length}\r\n\r\n");

    private readonly Draft _draft = new();
    private readonly Draft _accepted = new();

    public string Name => "W3";

    public string Describes => "INVITE 100 180 200 ACK BYE 200";

    public void Play(Bed bed, int number)
    {
        int user = number % bed.Users;
        Begin("INVITE sip:user#@example.com SIP/2.0\r\n"u8, "i"u8, user, number);
        Identify(default, user, number).Add("CSeq: 1 INVITE\r\nContact: <sip:caller@127.0.0.1:5070>\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS\r\nSupported: replaces\r\nUser-Agent: steady/1\r\n"u8)
            .Add(WithSession).Add(Session);
        bed.FromCaller(_draft.Bytes);
        bed.Expect("SIP/2.0 100 "u8);
        ReadOnlySpan<byte> invite = bed.Expect("INVITE sip:user"u8);

        bed.FromCallee(_draft.Answer("SIP/2.0 180 Ringing\r\n"u8, invite).Fill("Contact: <sip:user#@127.0.0.1:5080>\r\nContent-Length: 0\r\n\r\n"u8, user).Bytes);
        bed.Expect("SIP/2.0 180 "u8);
        bed.FromCallee(_draft.Answer("SIP/2.0 200 OK\r\n"u8, invite).Fill("Contact: <sip:user#@127.0.0.1:5080>\r\n"u8, user).Add(WithSession).Add(Session).Bytes);
        _accepted.Clear().Add(bed.Expect("SIP/2.0 200 "u8));

        Begin("ACK sip:user#@127.0.0.1:5080 SIP/2.0\r\n"u8, "a"u8, user, number);
        Identify(";tag=callee"u8, user, number).RoutesOf(_accepted.Bytes).Add("CSeq: 1 ACK\r\nContent-Length: 0\r\n\r\n"u8);
        bed.FromCaller(_draft.Bytes);
        bed.Expect("ACK sip:user"u8);

        Begin("BYE sip:user#@127.0.0.1:5080 SIP/2.0\r\n"u8, "b"u8, user, number);
        Identify(";tag=callee"u8, user, number).RoutesOf(_accepted.Bytes).Add("CSeq: 2 BYE\r\nContent-Length: 0\r\n\r\n"u8);
        bed.FromCaller(_draft.Bytes);
        bed.FromCallee(_draft.Answer("SIP/2.0 200 OK\r\n"u8, bed.Expect("BYE sip:user"u8)).Add("Content-Length: 0\r\n\r\n"u8).Bytes);
        bed.Expect("SIP/2.0 200 "u8);
    }

    private void Begin(ReadOnlySpan<byte> requestLine, ReadOnlySpan<byte> kind, int user, int number) =>
        _draft.Clear().Fill(requestLine, user).Add("Via: SIP/2.0/UDP 127.0.0.1:5070;rport;branch=z9hG4bK"u8).Add(kind).Add(number);

    private Draft Identify(ReadOnlySpan<byte> toTag, int user, int number) => _draft.Add("\r\nMax-Forwards: 70\r\nFrom: <sip:caller@example.org>;tag=t"u8).Add(number)
        .Fill("\r\nTo: <sip:user#@example.com>"u8, user).Add(toTag).Fill("\r\nCall-ID: steady-call-#@127.0.0.1\r\n"u8, number);
}
