// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Lab;

/// <summary>How a scenario for SIPp is written. Values in brackets are filled in by SIPp: its own address, the header of the last message…</summary>
internal static class SippScript
{
    /// <summary>What the first answer to a request says of it, with a To tag of its own.</summary>
    public const string Answering = """
        [last_Via:]
        [last_From:]
        [last_To:];tag=[pid]SIPp[call_number]
        [last_Call-ID:]
        [last_CSeq:]
        """;

    /// <summary>A 200 to the last request of a dialog.</summary>
    public static string Ok { get; } = Send("""
        SIP/2.0 200 OK
        [last_Via:]
        [last_From:]
        [last_To:]
        [last_Call-ID:]
        [last_CSeq:]
        Content-Length: 0
        """);

    /// <summary>A scenario of steps.</summary>
    public static string Scenario(string name, string steps) =>
        $"""
        <?xml version="1.0" encoding="ISO-8859-1" ?>
        <!DOCTYPE scenario SYSTEM "sipp.dtd">
        <scenario name="{name}">
        {steps}
        </scenario>

        """;

    /// <summary>The step that sends a message. SIPp wants an empty line after the headers, and none before the start line.</summary>
    public static string Send(string message, bool retransmit = false) =>
        $"<send{(retransmit ? " retrans=\"500\"" : "")}><![CDATA[\n{message}\n\n]]></send>";
}
