// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Steady.Workloads;

/// <summary>One request and its answer: W4, a MESSAGE to a registered contact; W5, an OPTIONS to the server; W6, an OPTIONS to a registered contact.</summary>
internal sealed class Asking(string name, string method, bool isForwarded) : IWorkload
{
    private readonly byte[] _method = System.Text.Encoding.ASCII.GetBytes(method);
    private readonly Draft _draft = new();

    public string Name => name;

    public string Describes => isForwarded ? $"{method} 200, forwarded" : $"{method} 200, answered";

    public void Play(Bed bed, int number)
    {
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
}
