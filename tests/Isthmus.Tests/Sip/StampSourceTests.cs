// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using CsCheck;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

public sealed class StampSourceTests
{
    private static readonly Gen<IPEndPoint> Source = Gen.Select(Gen.OneOf(SipGen.V4, SipGen.V6, SipGen.V4.Select(address => address.MapToIPv6())), Gen.Int[1, 65535], (address, port) => new IPEndPoint(address, port));

    private static readonly Gen<string> Parameters = SipGen.OneOf(";rport", ";RPORT=7", ";received=1.2.3.4", "; received = \"::1\"", ";received", ";branch=z9hG4bKa", " ;x = \"q\\\";,\" ", ";maddr=h", "\r\n ;ttl=1").Array[0, 5]
        .Select(parts => string.Concat(parts));

    [Theory]
    [InlineData("UDP 192.0.2.1", "UDP 192.0.2.1")]
    [InlineData("UDP 192.0.2.1:5070;branch=z9hG4bK1", "UDP 192.0.2.1:5070;branch=z9hG4bK1")]
    [InlineData("UDP 192.0.2.1;rport", "UDP 192.0.2.1;rport=9;received=192.0.2.1")]
    [InlineData("UDP 192.0.2.1;rport;branch=z9hG4bK1", "UDP 192.0.2.1;rport=9;branch=z9hG4bK1;received=192.0.2.1")]
    [InlineData("UDP h.example;branch=z9hG4bK1", "UDP h.example;branch=z9hG4bK1;received=192.0.2.1")]
    [InlineData("UDP h.example;received=7.7.7.7;rport=1;x", "UDP h.example;received=192.0.2.1;rport=9;x")]
    [InlineData("UDP h.example;rport=1;x;Received", "UDP h.example;rport=9;x;Received=192.0.2.1")]
    [InlineData("UDP h.example;rport , SIP/2.0/TCP 1.1.1.1;rport", "UDP h.example;rport=9;received=192.0.2.1 , SIP/2.0/TCP 1.1.1.1;rport")]
    [InlineData("UDP h.example ;rport\r\n ", "UDP h.example ;rport=9;received=192.0.2.1\r\n ")]
    public void StampSource_Via_IsChangedWhereItStands(string before, string after)
    {
        SipRequest request = Read(before, out string text);
        Assert.True(request.StampSource(new(IPAddress.Parse("192.0.2.1"), 9)));
        Assert.Equal(text.Replace(before, after, StringComparison.Ordinal), request.ToString());
        Agreement.OfEverything(request);
    }

    [Fact]
    public void StampSource_AnyViaAndSource_SaysWhatAnEditWouldSay() => Gen.Select(SipGen.HostPort, Parameters, SipGen.OneOf("", ", SIP/2.0/TCP next.example;branch=z9hG4bKn"), Source, (sentBy, parameters, more, source) => (Value: $"UDP {sentBy}{parameters}{more}", source))
        .Sample(drawn =>
        {
            SipRequest request = Read(drawn.Value, out _);
            Via expected = request.TopVia.ReceivedFrom(drawn.source);
            SipRequest edited = MessageEdit.Of(request).ReplaceFirstValue(HeaderName.Via, expected.ToString()).BuildRequest();
            _ = (request.Vias, request.From, request.CallId, request.Contacts); // what was decoded before is decoded again
            Assert.True(request.StampSource(drawn.source));
            Assert.Equal(expected.ToString(), request.TopVia.ToString());
            Assert.Equal(edited.Vias.Select(via => via.ToString()), request.Vias.Select(via => via.ToString()));
            Assert.Equal(edited.Contacts.Single().ToString(), request.Contacts.Single().ToString());
            Assert.Equal(edited.Body, request.Body);
            Agreement.OfWellFormed(request);
            SipRequest again = (SipRequest)SipParser.Parse(request.Span).Message!;
            Assert.Equal(request.ToString(), again.ToString());
            Assert.Equal(again.Memory.Index, request.Memory.Index);
            Assert.Equal(again.Memory.BodyStart, request.Memory.BodyStart);
        });

    [Fact]
    public void StampSource_TortureMessages_StayWhatTheyAre()
    {
        IPEndPoint source = new(IPAddress.Parse("2001:db8::9"), 5070);
        foreach (byte[] bytes in ViewTests.Torture())
        {
            if (SipParser.Parse(bytes).Message is not SipRequest request || !request.TryGetTopVia(out _))
            {
                continue;
            }

            Via expected = request.TopVia.ReceivedFrom(source);
            byte[] body = request.Body.ToArray();
            int fields = request.Headers.Count;
            Assert.True(request.StampSource(source));
            Assert.Equal(expected.ToString(), request.TopVia.ToString());
            Assert.Equal(body, request.Body);
            Assert.Equal(fields, request.Headers.Count);
            Agreement.OfEverything(request);
        }
    }

    [Fact]
    public void StampSource_NoVia_ChangesNothing()
    {
        var request = (SipRequest)SipParser.Parse("INVITE sip:a@b SIP/2.0\r\nVia: nonsense\r\n\r\n"u8).Message!;
        Assert.False(request.StampSource(new(IPAddress.Loopback, 1)));
        Assert.Equal("INVITE sip:a@b SIP/2.0\r\nVia: nonsense\r\n\r\n", request.ToString());
    }

    private static SipRequest Read(string via, out string text)
    {
        text = $"MESSAGE sip:b@b.example SIP/2.0\r\nMax-Forwards: 7\r\nv: SIP/2.0/{via}\r\nVia: SIP/2.0/UDP last\r\nFrom: <sip:a@a.example>;tag=1\r\nTo: <sip:b@b.example>\r\nCall-ID: c1\r\nCSeq: 1 MESSAGE\r\nContact: <sip:a@h>\r\nContent-Length: 4\r\n\r\nbody";
        ParseResult result = SipParser.Parse(Encoding.UTF8.GetBytes(text));
        Assert.Null(result.Fault);
        return (SipRequest)result.Message!;
    }
}
