// SPDX-License-Identifier: Apache-2.0
using static Isthmus.Lab.SippScript;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>What SIPp does as a caller, a callee, and a registrar of others.</summary>
internal static class SippScenario
{
    /// <summary>Answers every REGISTER with 200 and its own Contact.</summary>
    public static string Registrar { get; } = Scenario("registrar", $"""
        <recv request="REGISTER"/>
        {Send($"""
        SIP/2.0 200 OK
        {Answering}
        [last_Contact:]
        Expires: 300
        Content-Length: 0
        """)}
        """);

    /// <summary>Is called: 180, 200, waits for ACK and BYE.</summary>
    public static string Callee { get; } = Scenario("callee", $"""
        <recv request="INVITE" rrs="true"/>
        {Send($"""
        SIP/2.0 180 Ringing
        {Answering}
        [last_Record-Route:]
        Contact: <sip:[local_ip]:[local_port];transport=[transport]>
        Content-Length: 0
        """)}
        {Send($"""
        SIP/2.0 200 OK
        {Answering}
        [last_Record-Route:]
        Contact: <sip:[local_ip]:[local_port];transport=[transport]>
        {Session("IP[local_ip_type] [local_ip]")}
        """, retransmit: true)}
        <recv request="ACK" rtd="true" crlf="true"/>
        <recv request="BYE"/>
        {Ok}
        """);

    /// <summary>Refuses the first INVITE with 380 as the called terminal's judge does (FIG. 7), takes the second one.</summary>
    public static string JudgingCallee { get; } = Scenario("judging callee", $"""
        <recv request="INVITE" rrs="true"/>
        {Send($"""
        SIP/2.0 380 Alternative Service
        {Answering}
        Warning: 301 [local_ip] "Incompatible network address formats: use IP[local_ip_type]"
        Content-Type: application/sdp
        Content-Length: [len]

        v=0
        o=- 0 0 IN IP[local_ip_type] [local_ip]
        s=-
        c=IN IP[local_ip_type] [local_ip]
        t=0 0
        m=audio 9 RTP/AVP 0
        """)}
        <recv request="ACK"/>
        <recv request="INVITE" rrs="true"/>
        {Send($"""
        SIP/2.0 200 OK
        {Answering}
        [last_Record-Route:]
        Contact: <sip:[local_ip]:[local_port];transport=[transport]>
        {Session("IP[local_ip_type] [local_ip]")}
        """, retransmit: true)}
        <recv request="ACK"/>
        <recv request="BYE"/>
        {Ok}
        """);

    /// <summary>Calls [service]@[domain], acknowledges, holds the call for a moment and hangs up. Needs the key <c>domain</c>.</summary>
    public static string Caller { get; } = CallerOffering("IP[local_ip_type] [local_ip]");

    /// <summary>As <see cref="Caller"/>, with an offer of another address such as <c>IP4 127.0.0.1</c>.</summary>
    public static string CallerOffering(string offeredAddress) => Scenario("caller", $"""
        {Invite(offeredAddress)}
        <recv response="100" optional="true"/>
        <recv response="180" optional="true"/>
        <recv response="200" rtd="true" rrs="true"/>
        {Send("""
        ACK [next_url] SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
        From: <sip:sipp@[domain]>;tag=[pid]SIPp[call_number]
        [last_To:]
        [routes]
        Call-ID: [call_id]
        CSeq: 1 ACK
        Max-Forwards: 70
        Content-Length: 0
        """)}
        <pause milliseconds="200"/>
        {Send("""
        BYE [next_url] SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
        From: <sip:sipp@[domain]>;tag=[pid]SIPp[call_number]
        [last_To:]
        [routes]
        Call-ID: [call_id]
        CSeq: 2 BYE
        Max-Forwards: 70
        Content-Length: 0
        """, retransmit: true)}
        <recv response="200" crlf="true"/>
        """);

    /// <summary>Calls with an offer of an address such as <c>IP6 ::1</c> and expects to be refused. Needs the key <c>domain</c>.</summary>
    public static string RefusedCaller(string offeredAddress, int status) => Scenario("refused caller", $"""
        {Invite(offeredAddress)}
        <recv response="100" optional="true"/>
        <recv response="180" optional="true"/>
        <recv response="{status}"/>
        {Send("""
        ACK sip:[service]@[domain] SIP/2.0
        [last_Via:]
        From: <sip:sipp@[domain]>;tag=[pid]SIPp[call_number]
        [last_To:]
        Call-ID: [call_id]
        CSeq: 1 ACK
        Max-Forwards: 70
        Content-Length: 0
        """)}
        """);

    /// <summary>Registers [service]@[domain] with its own address as the Contact. Needs the key <c>domain</c>.</summary>
    public static string Register { get; } = Scenario("register", $"""
        {Send("""
        REGISTER sip:[domain] SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
        From: <sip:[service]@[domain]>;tag=[pid]SIPp[call_number]
        To: <sip:[service]@[domain]>
        Call-ID: [call_id]
        CSeq: 1 REGISTER
        Contact: <sip:[service]@[contact];transport=[transport]>
        Max-Forwards: 70
        Expires: 300
        Content-Length: 0
        """, retransmit: true)}
        <recv response="200"/>
        """);

    /// <summary>Asks the server for what it can, with a display name of many octets, which the answer repeats. Needs the keys <c>domain</c> and <c>name</c>.</summary>
    public static string LongOptions { get; } = Scenario("long options", $"""
        {Send("""
        OPTIONS sip:[domain] SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
        From: [name] <sip:sipp@[domain]>;tag=[pid]SIPp[call_number]
        To: <sip:[domain]>
        Call-ID: [call_id]
        CSeq: 1 OPTIONS
        Max-Forwards: 70
        Content-Length: 0
        """, retransmit: true)}
        <recv response="200"/>
        """);

    private static string Invite(string offeredAddress) => Send($"""
        INVITE sip:[service]@[domain] SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
        From: <sip:sipp@[domain]>;tag=[pid]SIPp[call_number]
        To: <sip:[service]@[domain]>
        Call-ID: [call_id]
        CSeq: 1 INVITE
        Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>
        Max-Forwards: 70
        {Session(offeredAddress)}
        """, retransmit: true);

    private static string Session(string address) => $"""
        Content-Type: application/sdp
        Content-Length: [len]

        v=0
        o=sipp 53655765 2353687637 IN {address}
        s=-
        c=IN {address}
        t=0 0
        m=audio [media_port] RTP/AVP 0
        a=rtpmap:0 PCMU/8000
        """;
}
