// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>The requests as phones of today write them. See <see cref="MessageTemplate"/> for the names in braces.</summary>
internal static class Requests
{
    private const string UserAgent = "User-Agent: LoadPhone/1.0 (bench)";
    private const string Allow = "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE, NOTIFY, REFER, UPDATE";

    /// <param name="at">Where the phones are.</param>
    /// <param name="sender">Which of a user's phones sends it; a called one does by UDP.</param>
    /// <param name="contact">Which of them is to be reached.</param>
    public static string Register(Surroundings at, PhoneRole sender, PhoneRole contact)
    {
        string host = sender == PhoneRole.Caller ? at.CallerHost : at.CalleeHost;
        string contactHost = contact == PhoneRole.Caller ? at.CallerHost : at.CalleeHost;
        string transport = sender == PhoneRole.Caller ? at.ViaTransport : "UDP";
        return $$"""
            REGISTER sip:{{Surroundings.Domain}} SIP/2.0
            Via: SIP/2.0/{{transport}} {{host}};branch=z9hG4bK{call}r;rport
            Max-Forwards: 70
            From: <sip:u{caller}@{{Surroundings.Domain}}>;tag=r{caller}{{at.Run}}
            To: <sip:u{caller}@{{Surroundings.Domain}}>
            Call-ID: r{caller}-{{at.Run}}@{{Surroundings.Domain}}
            CSeq: {cseq} REGISTER
            Contact: <sip:u{caller}@{{contactHost}}{{at.UriTransport}}>;expires=3600
            {{Allow}}
            {{UserAgent}}
            Content-Length: 0


            """;
    }

    public static string Options(Surroundings at, bool isForwarded) => $$"""
        OPTIONS sip:{{(isForwarded ? "u{callee}@" : "")}}{{Surroundings.Domain}} SIP/2.0
        {{Common(at, 'm', isForwarded ? $"<sip:u{{callee}}@{Surroundings.Domain}>" : $"<sip:{Surroundings.Domain}>")}}
        CSeq: {cseq} OPTIONS
        Contact: <sip:u{caller}@{{at.CallerHost}}{{at.UriTransport}}>
        Accept: application/sdp
        {{UserAgent}}
        Content-Length: 0


        """;

    public static string Message(Surroundings at) => $$"""
        MESSAGE sip:u{callee}@{{Surroundings.Domain}} SIP/2.0
        {{Common(at, 'm', $"<sip:u{{callee}}@{Surroundings.Domain}>")}}
        CSeq: {cseq} MESSAGE
        {{UserAgent}}
        Content-Type: text/plain
        Content-Length: {length}

        Are you there? Call me back before noon, please.
        """;

    /// <summary>A watcher's SUBSCRIBE; the called phone of that user is notified.</summary>
    public static string Subscribe(Surroundings at) => $$"""
        SUBSCRIBE sip:u{callee}@{{Surroundings.Domain}} SIP/2.0
        {{Common(at, 'm', $"<sip:u{{callee}}@{Surroundings.Domain}>")}}
        CSeq: {cseq} SUBSCRIBE
        Contact: <sip:u{caller}@{{at.WatcherHost}}{{at.UriTransport}}>
        Event: presence
        Accept: application/pidf+xml
        Expires: 3600
        {{UserAgent}}
        Content-Length: 0


        """;

    /// <summary>A user's PUBLISH; its number comes back in the NOTIFYs as <see cref="PresenceMark"/>. What is inserted names the state that it replaces.</summary>
    public static string Publish(Surroundings at) => $$"""
        PUBLISH sip:u{caller}@{{Surroundings.Domain}} SIP/2.0
        {{Common(at, 'm', $"<sip:u{{caller}}@{Surroundings.Domain}>", "{insert}")}}
        CSeq: {cseq} PUBLISH
        Event: presence
        Expires: 3600
        {{UserAgent}}
        Content-Type: application/pidf+xml
        Content-Length: {length}

        <?xml version="1.0" encoding="UTF-8"?>
        <presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:u{caller}@{{Surroundings.Domain}}">
          <tuple id="t1">
            <status><basic>open</basic></status>
            <contact>sip:u{caller}@{{Surroundings.Domain}}</contact>
            <note>{{PresenceMark}}{call}</note>
          </tuple>
        </presence>
        """;

    /// <summary>What stands before the number of the PUBLISH in the state that it publishes.</summary>
    public const string PresenceMark = "state ";

    public static string Invite(Surroundings at) => $$"""
        INVITE sip:u{callee}@{{Surroundings.Domain}} SIP/2.0
        {{Common(at, 'i', $"<sip:u{{callee}}@{Surroundings.Domain}>")}}
        CSeq: {cseq} INVITE
        Contact: <sip:u{caller}@{{at.CallerHost}}{{at.UriTransport}}>
        {{Allow}}
        Supported: replaces, timer
        {{UserAgent}}
        Content-Type: application/sdp
        Content-Length: {length}

        {{SessionDescription(at)}}
        """;

    public static string Acknowledge(Surroundings at) => $$"""
        ACK {{CalleeUri(at)}} SIP/2.0
        {{Common(at, 'a', TaggedTo, "{insert}")}}
        CSeq: {cseq} ACK
        {{UserAgent}}
        Content-Length: 0


        """;

    /// <summary>The ACK of a refusal: the INVITE's branch, and the To of the response (RFC 3261 §17.1.1.3).</summary>
    public static string AcknowledgeRefusal(Surroundings at) => $$"""
        ACK sip:u{callee}@{{Surroundings.Domain}} SIP/2.0
        {{Common(at, 'i', null, "{insert}")}}
        CSeq: {cseq} ACK
        Content-Length: 0


        """;

    public static string Bye(Surroundings at) => $$"""
        BYE {{CalleeUri(at)}} SIP/2.0
        {{Common(at, 'b', TaggedTo, "{insert}")}}
        CSeq: {cseq} BYE
        {{UserAgent}}
        Content-Length: 0


        """;

    /// <summary>A session with audio on the IP version of the called phone: a caller on the other one has both, and offers what the callee has.</summary>
    public static string SessionDescription(Surroundings at)
    {
        string address = at.Callees.IsIPv4 ? "IN IP4 127.0.0.1" : "IN IP6 ::1";
        return $"""
            v=0
            o=- 3849571 3849571 {address}
            s=-
            c={address}
            t=0 0
            m=audio 49170 RTP/AVP 0 8 101
            a=rtpmap:0 PCMU/8000
            a=rtpmap:8 PCMA/8000
            a=rtpmap:101 telephone-event/8000
            a=fmtp:101 0-16
            a=ptime:20
            a=sendrecv

            """;
    }

    private static string TaggedTo => $"<sip:u{{callee}}@{Surroundings.Domain}>;tag={{call}}";

    private static string CalleeUri(Surroundings at) => $"sip:u{{callee}}@{at.CalleeHost}{at.UriTransport}";

    // to is null where it comes with what is inserted.
    private static string Common(Surroundings at, char step, string? to, string inserted = "") => $$"""
        Via: SIP/2.0/{{at.ViaTransport}} {{at.CallerHost}};branch=z9hG4bK{call}{{step}};rport
        {{inserted}}Max-Forwards: 70
        From: <sip:u{caller}@{{Surroundings.Domain}}>;tag=f{caller}{{at.Run}}
        {{(to is null ? "" : $"To: {to}\n")}}Call-ID: {call}-{{at.Run}}@{{Surroundings.Domain}}
        """;
}
