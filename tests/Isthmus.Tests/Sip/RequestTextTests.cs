// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

/// <summary>A request that is sent as its writer wrote it.</summary>
public sealed class RequestTextTests
{
    private const string Body = "note: hi";
    private const string Rest = "From: <sip:a@a.example>;tag=1\r\nTo: <sip:b@b.example>;tag=2\r\nCall-ID: c1\r\nCSeq: 7 NOTIFY\r\nContent-Length: 8\r\n\r\n" + Body;

    private static ReadOnlySpan<byte> Octets => Encoding.ASCII.GetBytes("NOTIFY sip:b@[2001:db8::2]:5062;transport=tcp SIP/2.0\r\n" + Rest);

    [Fact]
    public void Build_WithAVia_PutsItOnTopAndLeavesTheRest()
    {
        SipRequest request = new RequestText(SipMethod.Notify, Octets, Body.Length).Build("SIP/2.0/UDP h;branch=z9hG4bK1"u8);

        Assert.Equal("NOTIFY sip:b@[2001:db8::2]:5062;transport=tcp SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n" + Rest, Encoding.ASCII.GetString(request.Span));
    }

    [Fact]
    public void Build_WithoutAVia_IsWhatWasWritten() =>
        Assert.Equal(Encoding.ASCII.GetString(Octets), Encoding.ASCII.GetString(new RequestText(SipMethod.Notify, Octets, Body.Length).Build(default).Span));

    [Fact]
    public void Build_WhatSomebodyAsksFor_IsAsIfItHadBeenReceived()
    {
        SipRequest request = new RequestText(SipMethod.Notify, Octets, Body.Length).Build("SIP/2.0/UDP h;branch=z9hG4bK1"u8, new MessagePool());
        var read = (SipRequest)SipParser.Parse(request.Span).Message!;

        Assert.Equal(read.Method, request.Method);
        Assert.Equal(read.RequestUriText, request.RequestUriText);
        Assert.Equal("b", request.RequestSipUri!.User);
        Assert.Equal(7u, request.CSeqNumber);
        Assert.Equal("z9hG4bK1", request.TopVia.Branch);
        Assert.Equal("2", request.To.Tag);
        Assert.Equal(Body, Encoding.ASCII.GetString(request.Body));
        Assert.Equal(read.Headers.Count, request.Headers.Count);
        Assert.Equal("1", MessageEdit.Of(request).RemoveFirstValue(HeaderName.Via).BuildRequest().From.Tag);
    }
}
