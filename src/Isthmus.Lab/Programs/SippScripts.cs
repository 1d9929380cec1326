// SPDX-License-Identifier: Apache-2.0
using static Isthmus.Lab.SippScript;

namespace Isthmus.Lab;

/// <summary>What SIPp does as a terminal. Values in brackets are filled in by SIPp; <c>aor</c>, <c>user</c> and <c>towards</c> are given to it.</summary>
internal static class SippScripts
{
    /// <summary>Registers the port of terminals for so many seconds.</summary>
    public static string Register(int seconds) => Scenario("register", $"""
        {Request("REGISTER sip:[towards]", "<[aor]>", $"""
        Contact: <sip:[user]@[local_ip]:{ServerProgram.Port};transport=[transport]>
        Expires: {seconds}
        Content-Length: 0
        """)}
        <recv response="200"/>
        """);

    /// <summary>Writes to somebody.</summary>
    public static string Message { get; } = Scenario("message", $"""
        {Request("MESSAGE [towards]", "<[towards]>", """
        Content-Type: text/plain
        Content-Length: [len]

        Greetings from SIPp
        """)}
        <recv response="100" optional="true"/>
        <recv response="200"/>
        """);

    /// <summary>Says that somebody is there.</summary>
    public static string Publish { get; } = Scenario("publish", $"""
        {Request("PUBLISH [towards]", "<[towards]>", """
        Event: presence
        Expires: 300
        Content-Type: application/pidf+xml
        Content-Length: [len]

        <?xml version="1.0" encoding="UTF-8"?>
        <presence xmlns="urn:ietf:params:xml:ns:pidf" entity="[towards]"><tuple id="sipp[pid]"><status><basic>open</basic></status></tuple></presence>
        """)}
        <recv response="100" optional="true"/>
        <recv response="200"/>
        """);

    /// <summary>Watches somebody, waits a little for a change, and ends it in the dialog.</summary>
    public static string Subscribe { get; } = Scenario("subscribe", $"""
        {Request("SUBSCRIBE [towards]", "<[towards]>", Subscription(600))}
        <recv response="100" optional="true"/>
        <recv response="200" rrs="true"/>
        <recv request="NOTIFY"/>
        {Ok}
        <recv request="NOTIFY" timeout="8000" ontimeout="1"/>
        {Ok}
        <label id="1"/>
        {Send($"""
        SUBSCRIBE [next_url] SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=[branch]
        Max-Forwards: 70
        [routes]
        From: <[aor]>;tag=[pid]SIPp[call_number]
        To: <[towards]>[peer_tag_param]
        Call-ID: [call_id]
        CSeq: 2 SUBSCRIBE
        {Subscription(0)}
        """, retransmit: true)}
        <recv response="100" optional="true"/>
        <recv response="200"/>
        <recv request="NOTIFY"/>
        {Ok}
        """);

    /// <summary>Takes what is written to it.</summary>
    public static string MessageCallee { get; } = Scenario("message callee", $"""
        <recv request="MESSAGE"/>
        {Send($"""
        SIP/2.0 200 OK
        {Answering}
        Content-Length: 0
        """)}
        """);

    /// <summary>Notifies who watches it: twice, and a last time.</summary>
    public static string NotifyingCallee { get; } = Scenario("notifying callee", $"""
        {Notifying("active;expires=600", ";tag=[pid]SIPp[call_number]")}
        {Notifying("active;expires=600", "")}
        {Notifying("terminated;reason=timeout", "")}
        """);

    private static string Notifying(string state, string tag) => $"""
        <recv request="SUBSCRIBE" rrs="true">
          <action>
            <ereg regexp=".*" search_in="hdr" header="From:" assign_to="from"/>
            <ereg regexp=".*" search_in="hdr" header="To:" assign_to="to"/>
          </action>
        </recv>
        {Send($"""
        SIP/2.0 200 OK
        [last_Via:]
        [last_Record-Route:]
        [last_From:]
        [last_To:]{tag}
        [last_Call-ID:]
        [last_CSeq:]
        Contact: <sip:[user]@[local_ip]:[local_port];transport=[transport]>
        Expires: 600
        Content-Length: 0
        """)}
        {Send($"""
        NOTIFY [next_url] SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=[branch]
        Max-Forwards: 70
        [routes]
        From:[$to]{tag}
        To:[$from]
        Call-ID: [call_id]
        CSeq: [cseq] NOTIFY
        Contact: <sip:[user]@[local_ip]:[local_port];transport=[transport]>
        Event: presence
        Subscription-State: {state}
        Content-Type: application/pidf+xml
        Content-Length: [len]

        <?xml version="1.0" encoding="UTF-8"?>
        <presence xmlns="urn:ietf:params:xml:ns:pidf" entity="[aor]"><tuple id="sipp"><status><basic>open</basic></status></tuple></presence>
        """, retransmit: true)}
        <recv response="200"/>
        """;

    private static string Subscription(int seconds) => $"""
        Contact: <sip:[user]@[local_ip]:[local_port];transport=[transport]>
        Event: presence
        Accept: application/pidf+xml, application/rlmi+xml, multipart/related
        Supported: eventlist
        Expires: {seconds}
        Content-Length: 0
        """;

    private static string Request(string start, string to, string rest) => Send($"""
        {start} SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=[branch]
        Max-Forwards: 70
        From: <[aor]>;tag=[pid]SIPp[call_number]
        To: {to}
        Call-ID: [call_id]
        CSeq: 1 {start.Split(' ')[0]}
        {rest}
        """, retransmit: true);
}
