// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Steady.Workloads;

/// <summary>W1: REGISTER, all users in turn; after the first round each is a refresh.</summary>
internal sealed class Registering : IWorkload
{
    private readonly Draft _draft = new();

    public string Name => "W1";

    public string Describes => "REGISTER 200";

    public void Play(Bed bed, int number)
    {
        int user = number % bed.Users;
        _draft.Clear().Add("REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5080;rport;branch=z9hG4bKr"u8).Add(number)
            .Fill("\r\nMax-Forwards: 70\r\nFrom: <sip:user#@example.com>;tag=reg\r\nTo: <sip:user#@example.com>\r\nCall-ID: registration-#@127.0.0.1\r\nCSeq: "u8, user)
            .Add(1 + (number / bed.Users))
            .Fill(" REGISTER\r\nContact: <sip:user#@127.0.0.1:5080>;+sip.instance=\"<urn:uuid:f81d4fae-7dec-11d0-a765-0000#>\"\r\n"u8, user)
            .Add("Expires: 3600\r\nUser-Agent: steady/1\r\nContent-Length: 0\r\n\r\n"u8);
        bed.FromCallee(_draft.Bytes);
        bed.Expect("SIP/2.0 200 "u8);
    }
}
