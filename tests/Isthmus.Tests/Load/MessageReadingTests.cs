// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Load;

namespace Isthmus.Tests.Load;

/// <summary>What the generator reads of a server's messages, and what a called phone answers.</summary>
public sealed class MessageReadingTests
{
    private const string Response =
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.101.100.100:5060;received=127.0.0.1;branch=z9hG4bK000300000000000fi;rport=5060\r\n" +
        "Record-Route: <sip:a;lr>, <sip:b;lr;x=\"1\">\r\nrecord-route: <sip:c;lr>\r\nTo: <sip:u@h>;tag=t\r\nContent-Length: 0\r\n\r\n";

    private const string Request =
        "INVITE sip:u1@127.0.0.1:5 SIP/2.0\r\nVia: SIP/2.0/UDP p;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP c;branch=z9hG4bK2\r\nRecord-Route: <sip:p;lr>\r\nMax-Forwards: 69\r\n" +
        "From: <sip:a@h>;tag=f\r\nTo: <sip:u1@h>\r\nCall-ID: 1@h\r\nCSeq: 1 INVITE\r\nContact: <sip:a@c>\r\nContent-Length: 0\r\n\r\n";

    [Fact]
    public void TryRead_Response_KnowsCallAndRequest()
    {
        Assert.True(Answer.TryRead(Bytes(Response), out Answer answer));
        Assert.Equal(new Answer(200, CallNumber.Of(3, 15), (byte)'i'), answer);
        Assert.Equal((3, 15), (CallNumber.SlotOf(answer.Call), CallNumber.CountOf(answer.Call)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("SIP/2.0 200 OK\r\n\r\n")]
    [InlineData("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK12\r\n\r\n")]
    [InlineData("OPTIONS sip:h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK000300000000000fi\r\n\r\n")]
    public void TryRead_AnythingElse_IsRefused(string message) => Assert.False(Answer.TryRead(Bytes(message), out _));

    [Fact]
    public void Routes_OfAResponse_AreReversed()
    {
        var target = new byte[RouteSet.Room];
        int length = RouteSet.Write(Bytes(Response), target);
        Assert.Equal("Route: <sip:c;lr>\r\nRoute: <sip:b;lr;x=\"1\">\r\nRoute: <sip:a;lr>\r\n", Encoding.ASCII.GetString(target, 0, length));
    }

    [Fact]
    public void Routes_TooMany_AreRefused() =>
        Assert.Equal(-1, RouteSet.Write(Bytes("SIP/2.0 200 OK\r\n" + string.Concat(Enumerable.Repeat("Record-Route: <sip:a;lr>\r\n", 9)) + "\r\n"), new byte[RouteSet.Room]));

    [Fact]
    public void Write_AnswerToANewDialog_CopiesWhatTheStandardCopies()
    {
        var target = new byte[4096];
        int length = AnswerWriter.Write(target, Bytes(Request), "SIP/2.0 200 OK\r\n"u8, "77"u8, withRoutes: true, "Content-Length: 0\r\n\r\n"u8);
        Assert.Equal(
            "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP p;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP c;branch=z9hG4bK2\r\nRecord-Route: <sip:p;lr>\r\n" +
            "From: <sip:a@h>;tag=f\r\nTo: <sip:u1@h>;tag=77\r\nCall-ID: 1@h\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
            Encoding.ASCII.GetString(target, 0, length));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(30, 0)]
    [InlineData(42, 0)]
    [InlineData(43, 43)]
    [InlineData(59, 43)]
    public void LengthOf_Stream_WaitsForTheWholeMessage(int there, int expected) =>
        Assert.Equal(expected, StreamFrame.LengthOf(Bytes("SIP/2.0 200 OK\r\nContent-Length: 5 \r\n\r\nabcdeSIP/2.0 200 OK\r\n").AsSpan(0, there)));

    [Fact]
    public void PingsOf_StreamWithLineEnds_CountsThem() => Assert.Equal(4, StreamFrame.PingsOf("\r\n\r\nSIP"u8));

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
