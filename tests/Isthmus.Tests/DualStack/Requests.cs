// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Tests.DualStack;

/// <summary>Requests to judge and to answer.</summary>
internal static class Requests
{
    public static SipRequest Of(string method, string toTag = "", string? contentType = null, string body = "")
    {
        var type = contentType is null ? "" : $"Content-Type: {contentType}\r\n";
        var text = $"{method} sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\nFrom: <sip:alice@example.com>;tag=a\r\n"
            + $"To: <sip:bob@example.com>{toTag}\r\nCall-ID: c\r\nCSeq: 1 {method}\r\nMax-Forwards: 70\r\n{type}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
        return (SipRequest)SipParser.Parse(Encoding.UTF8.GetBytes(text)).Message!;
    }
}
