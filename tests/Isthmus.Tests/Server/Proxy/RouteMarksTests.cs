// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Server.Proxy;
using Isthmus.Sip;

namespace Isthmus.Tests.Server;

public sealed class RouteMarksTests
{
    private readonly RouteMarks _marks = new("key of this server"u8.ToArray());

    [Fact]
    public void IsOurs_RouteOfThisCall_OnlyThen()
    {
        SipUriView route = Uri($"sip:192.0.2.1;lr;k={_marks.TokenFor("call-1"u8):x16}");
        Assert.True(_marks.IsOurs(route, "call-1"u8));
        Assert.False(_marks.IsOurs(route, "call-2"u8));
        Assert.False(new RouteMarks("key of another"u8.ToArray()).IsOurs(route, "call-1"u8));
        Assert.False(_marks.IsOurs(Uri("sip:192.0.2.1;lr"), "call-1"u8));
        Assert.False(_marks.IsOurs(Uri("sip:192.0.2.1;lr;k=0123456789abcdef"), "call-1"u8));
        Assert.False(_marks.IsOurs(Uri("sip:192.0.2.1;lr;k=0123456789abcdefg"), "call-1"u8));
    }

    [Fact]
    public void LoopMarkOf_SameRequestOneHopOn_Same()
    {
        ulong first = _marks.LoopMarkOf(Request("INVITE", "sip:bob@example.com"));
        Assert.Equal(first, _marks.LoopMarkOf(Request("INVITE", "sip:bob@example.com", "Max-Forwards: 12\r\n")));
        Assert.Equal(first, _marks.LoopMarkOf(Request("ACK", "sip:bob@example.com"))); // the method must not matter
    }

    [Theory]
    [InlineData("sip:carol@example.com", "")]
    [InlineData("sip:bob@example.com", "Route: <sip:192.0.2.1;lr>\r\n")]
    public void LoopMarkOf_OtherTargetOrRoute_Differs(string uri, string headers) =>
        Assert.NotEqual(_marks.LoopMarkOf(Request("INVITE", "sip:bob@example.com")), _marks.LoopMarkOf(Request("INVITE", uri, headers)));

    [Fact]
    public void TagFor_Retransmission_Same()
    {
        ulong first = _marks.TagFor(Request("OPTIONS", "sip:example.com"));
        Assert.Equal(first, _marks.TagFor(Request("OPTIONS", "sip:example.com")));
        Assert.NotEqual(first, new RouteMarks("key of another"u8.ToArray()).TagFor(Request("OPTIONS", "sip:example.com")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x0123456789abcdef)]
    [InlineData(ulong.MaxValue)]
    public void TryRead_WhatWasWritten_IsTheMark(ulong mark)
    {
        Span<byte> text = stackalloc byte[Hex64.Length];
        Hex64.Write(mark, text);
        Assert.True(Hex64.TryRead(text, out ulong read));
        Assert.Equal(mark, read);
        Assert.False(Hex64.TryRead(text[1..], out _));
    }

    private static SipUriView Uri(string text) => SipUriView.TryRead(Encoding.UTF8.GetBytes(text), out SipUriView uri) ? uri : throw new ArgumentException(text);

    private static SipRequest Request(string method, string uri, string headers = "") => (SipRequest)SipParser.Parse(Encoding.UTF8.GetBytes(
        $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: x\r\nCSeq: 1 {method}\r\n{headers}Content-Length: 0\r\n\r\n")).Message!;
}
