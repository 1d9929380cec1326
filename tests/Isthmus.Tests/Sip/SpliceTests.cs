// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

public sealed class SpliceTests
{
    private const string Invite = "INVITE sip:bob@b.example SIP/2.0\r\nv: SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bKa;rport, SIP/2.0/TCP 10.0.0.1;branch=z9hG4bKb\r\nX-Odd:  kept  as \r\n it is\r\nMax-Forwards: 70\r\n"
        + "Route: <sip:[::1];lr>, <sip:p2.example;lr>\r\nFrom: \"A, B\" <sip:a@a.example>;tag=1\r\nTo: <sip:bob@b.example>\r\nCall-ID: c1@[::1]\r\nCSeq: 1 INVITE\r\nContent-Length: 4\r\n\r\nbodyTRAILING";

    private static SipRequest Read(string text)
    {
        ParseResult result = SipParser.Parse(Encoding.UTF8.GetBytes(text));
        Assert.Null(result.Fault);
        return (SipRequest)result.Message!;
    }

    [Fact]
    public void Edit_ForwardedInvite_KeepsUntouchedBytes()
    {
        SipRequest request = Read(Invite);
        Assert.Equal("body", Encoding.ASCII.GetString(request.Body));
        Assert.Equal(2, request.Vias.Count);
        Assert.True(AnyUri.TryParse("sip:bob@[2001:db8::9]:5070;transport=tcp", out AnyUri? target));
        SipRequest sent = MessageEdit.Of(request).RequestUri(target).RemoveFirstValue(HeaderName.Route).Replace(HeaderName.MaxForwards, "69")
            .ReplaceFirstValue(HeaderName.Via, "SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bKa;rport=9;received=2001:db8::2")
            .Prepend(HeaderName.Via, "SIP/2.0/TCP s.example;branch=z9hG4bKc").Prepend(HeaderName.RecordRoute, "<sip:r2;lr>").Prepend(HeaderName.RecordRoute, "<sip:r1;lr>").BuildRequest();
        Assert.Equal("INVITE sip:bob@[2001:db8::9]:5070;transport=tcp SIP/2.0\r\nRecord-Route: <sip:r1;lr>\r\nRecord-Route: <sip:r2;lr>\r\nVia: SIP/2.0/TCP s.example;branch=z9hG4bKc\r\n"
            + "v: SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bKa;rport=9;received=2001:db8::2, SIP/2.0/TCP 10.0.0.1;branch=z9hG4bKb\r\nX-Odd:  kept  as \r\n it is\r\nMax-Forwards: 69\r\n"
            + "Route: <sip:p2.example;lr>\r\nFrom: \"A, B\" <sip:a@a.example>;tag=1\r\nTo: <sip:bob@b.example>\r\nCall-ID: c1@[::1]\r\nCSeq: 1 INVITE\r\nContent-Length: 4\r\n\r\nbody", sent.ToString());
    }

    [Fact]
    public void Edit_FirstValueAloneTakenAway_IsAsAmongOtherEdits()
    {
        byte[][] messages = [.. ViewTests.Torture(), Encoding.UTF8.GetBytes(Invite), "OPTIONS sip:a SIP/2.0\r\nVia: \r\nv: SIP/2.0/UDP h\r\nTo: a\r\n, b\r\nX"u8.ToArray()];
        foreach (byte[] bytes in messages)
        {
            if (SipParser.Parse(bytes) is not { Message: { } message })
            {
                continue;
            }

            foreach (HeaderName name in Enum.GetValues<HeaderName>())
            {
                MessageEdit alone = MessageEdit.Of(message).RemoveFirstValue(name);
                HeaderName absent = Enum.GetValues<HeaderName>().First(other => other != name && !message.Has(other));
                MessageEdit among = MessageEdit.Of(message).RemoveFirstValue(name).Remove(absent);
                SipMessage one = message is SipRequest ? alone.BuildRequest() : alone.BuildResponse();
                SipMessage other = message is SipRequest ? among.BuildRequest() : among.BuildResponse();
                Assert.Equal(other.ToString(), one.ToString());
                Assert.Equal(other.Body, one.Body);
                Assert.Equal(other.Memory.Index, one.Memory.Index);
            }
        }
    }

    [Theory]
    [InlineData(HeaderName.MaxForwards, 0)]
    [InlineData(HeaderName.MaxForwards, 255)]
    [InlineData(HeaderName.MaxBreadth, int.MaxValue)]
    public void Replace_Number_IsAsItsText(HeaderName name, int value) => Assert.Equal(MessageEdit.Of(Read(Invite)).Replace(name, $"{value}").BuildRequest().ToString(), MessageEdit.Of(Read(Invite)).Replace(name, value).BuildRequest().ToString());

    [Fact]
    public void Answer_Request_CopiesWhatRfc3261Says()
    {
        SipResponse response = Read(Invite).Answer(486, toTag: "t9").Header(HeaderName.Server, "x\r\ny").Build();
        Assert.Equal("SIP/2.0 486 Busy Here\r\nv: SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bKa;rport, SIP/2.0/TCP 10.0.0.1;branch=z9hG4bKb\r\nFrom: \"A, B\" <sip:a@a.example>;tag=1\r\n"
            + "To: <sip:bob@b.example>;tag=t9\r\nCall-ID: c1@[::1]\r\nCSeq: 1 INVITE\r\nServer: x  y\r\nContent-Length: 0\r\n\r\n", response.ToString());
        Assert.Equal("t9", response.To.Tag);
        Assert.Equal("Busy Here", response.ReasonPhrase);
    }
}
