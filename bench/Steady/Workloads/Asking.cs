// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Steady.Workloads;

/// <summary>
/// One request and its answer: W4, a MESSAGE to a registered contact; W4K, the same while another one waits for a user who is not there; W5, an OPTIONS to the
/// server; W6, an OPTIONS to a registered contact.
/// </summary>
internal sealed class Asking(string name, string method, bool isForwarded, bool isOneKept = false) : IWorkload
{
    private bool _isOneThere;

    private readonly byte[] _method = System.Text.Encoding.ASCII.GetBytes(method);
    private readonly Draft _draft = new();

    public string Name => name;

    public string Describes => $"{method} 200, {(isForwarded ? "forwarded" : "answered")}{(isOneKept ? ", while one waits" : "")}";

    public void Play(Bed bed, int number)
    {
        if (isOneKept && !_isOneThere)
        {
            _isOneThere = true;
            KeepOne(bed);
        }

        int user = number % bed.Users;
        _draft.Clear().Add(_method).Fill(isForwarded ? " sip:user#@example.com SIP/2.0\r\n"u8 : " sip:example.com SIP/2.0\r\n"u8, user)
            .Add("Via: SIP/2.0/UDP 127.0.0.1:5070;rport;branch=z9hG4bKm"u8).Add(number).Add("\r\nMax-Forwards: 70\r\nFrom: <sip:caller@example.org>;tag=t"u8).Add(number)
            .Fill("\r\nTo: <sip:user#@example.com>"u8, user).Fill("\r\nCall-ID: steady-ask-#@127.0.0.1\r\nCSeq: 1 "u8, number).Add(_method)
            .Add("\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\nHello there!"u8);
        bed.FromCaller(_draft.Bytes);
        if (isForwarded)
        {
            ReadOnlySpan<byte> forwarded = bed.Expect(_method);
            bed.FromCallee(_draft.Answer("SIP/2.0 200 OK\r\n"u8, forwarded).Add("Content-Length: 0\r\n\r\n"u8).Bytes);
        }

        bed.Expect("SIP/2.0 200 "u8);
    }

    // For somebody who was there and is not any more.
    private static void KeepOne(Bed bed)
    {
        foreach (byte[] line in (byte[][])["1 REGISTER\r\nExpires: 3600"u8.ToArray(), "2 REGISTER\r\nExpires: 0"u8.ToArray()])
        {
            bed.FromCallee([
                .. "REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5080;rport;branch=z9hG4bKgone"u8, line[0],
                .. "\r\nMax-Forwards: 70\r\nFrom: <sip:gone@example.com>;tag=g\r\nTo: <sip:gone@example.com>\r\nCall-ID: gone@127.0.0.1\r\nCSeq: "u8, .. line,
                .. "\r\nContact: <sip:gone@127.0.0.1:5080>\r\nContent-Length: 0\r\n\r\n"u8,
            ]);
            bed.Expect("SIP/2.0 200 "u8);
        }

        bed.FromCaller("MESSAGE sip:gone@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5070;rport;branch=z9hG4bKkept\r\nMax-Forwards: 70\r\nFrom: <sip:caller@example.org>;tag=k\r\nTo: <sip:gone@example.com>\r\nCall-ID: steady-kept@127.0.0.1\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\nHello there!"u8);
        bed.Expect("SIP/2.0 202 "u8);
    }
}
