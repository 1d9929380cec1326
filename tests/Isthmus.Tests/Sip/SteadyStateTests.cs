// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Net;
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

/// <summary>What happens for every message that passes allocates nothing once the pools are warm.</summary>
public sealed class SteadyStateTests
{
    private const int WarmUp = 200;
    private const int Rounds = 2000;
    private const int Series = 3;

    private static readonly byte[] Invite = Encoding.UTF8.GetBytes(
        "INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP [2001:db8:10::5]:5060;branch=z9hG4bK4f1a09c1d7e3b582;rport\r\nMax-Forwards: 70\r\nRoute: <sip:sip.example.com;lr>, <sip:192.0.2.1;lr>\r\n"
        + "From: \"Alice Ångström\" <sip:alice@example.com>;tag=9fxced76sl\r\nTo: <tel:+1-201-555-0123>\r\nCall-ID: 3848276298220188511@[2001:db8::1]\r\nCSeq: 2 INVITE\r\n"
        + "Contact: <sip:alice@[2001:db8:10::5]:5060>;+sip.instance=\"<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>\"\r\nSupported: replaces, outbound, ip-redirect\r\nContent-Length: 4\r\n\r\nbody");

    private static readonly byte[] Ringing = Encoding.UTF8.GetBytes(
        "SIP/2.0 180 Ringing\r\nVia: SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bK1, SIP/2.0/UDP 192.0.2.5;branch=z9hG4bK2\r\nFrom: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>;tag=2\r\n"
        + "Call-ID: c\r\nCSeq: 2 INVITE\r\nContent-Length: 0\r\n\r\n");

    private readonly MessagePool _pool = new();
    private readonly MessageEdit _edit = new();
    private readonly ArrayBufferWriter<byte> _sent = new(4096);

    [Fact]
    public void Parse_Request_AllocatesNothing() => Assert.Equal(0, Allocated(() => SipParser.Parse(Invite, _pool).Message!.Dispose()));

    [Fact]
    public void Parse_Response_AllocatesNothing() => Assert.Equal(0, Allocated(() => SipParser.Parse(Ringing, _pool).Message!.Dispose()));

    [Fact]
    public void Lists_Token_AllocatesNothing() => Assert.Equal(0, Allocated(() =>
    {
        using SipMessage message = SipParser.Parse(Invite, _pool).Message!;
        Assert.True(message.Lists(HeaderName.Supported, "ip-redirect") && message.Has(HeaderName.Contact) && message.CSeq.Number == 2 && message.MaxForwards == 70);
    }));

    [Fact]
    public void Forward_Request_AllocatesNothing()
    {
        Assert.True(AnyUri.TryParse("sip:bob@192.0.2.7:5062;transport=udp", out AnyUri? target));
        int branch = 0;
        Assert.Equal(0, Allocated(() =>
        {
            using SipMessage message = SipParser.Parse(Invite, _pool).Message!;
            _sent.ResetWrittenCount();
            _edit.Begin(message).RequestUri(target).RemoveFirstValue(HeaderName.Route).Replace(HeaderName.MaxForwards, $"{message.MaxForwards!.Value - 1}")
                .Prepend(HeaderName.RecordRoute, "<sip:[2001:db8::1];lr>"u8).Prepend(HeaderName.Via, $"SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bK{++branch:x8};rport").WriteTo(_sent);
        }));
        Assert.Equal(ParseOutcome.Ok, SipParser.Parse(_sent.WrittenSpan).Outcome);
    }

    [Fact]
    public void Forward_Response_AllocatesNothing()
    {
        Assert.Equal(0, Allocated(() =>
        {
            using SipMessage message = SipParser.Parse(Ringing, _pool).Message!;
            _sent.ResetWrittenCount();
            _edit.Begin(message).RemoveFirstValue(HeaderName.Via).WriteTo(_sent);
        }));
        Assert.Equal("z9hG4bK2", SipParser.Parse(_sent.WrittenSpan).Message!.TopVia.Branch);
    }

    [Fact]
    public void Build_ForwardedRequest_AllocatesNothing()
    {
        IPEndPoint source = new(IPAddress.Parse("2001:db8::77"), 5061);
        int branch = 0;
        Assert.Equal(0, Allocated(() =>
        {
            using var request = (SipRequest)SipParser.Parse(Invite, _pool).Message!;
            Assert.True(request.StampSource(source));
            Span<byte> target = stackalloc byte[64];
            "sip:bob@192.0.2.7:5062"u8.CopyTo(target);
            using SipRequest sent = _edit.Begin(request).RequestUri(target[..22]).RemoveFirstValue(HeaderName.Route).Replace(HeaderName.MaxForwards, "69"u8)
                .Prepend(HeaderName.RecordRoute, "<sip:[2001:db8::1];lr>"u8).Prepend(HeaderName.Via, $"SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bK{++branch:x8};rport").BuildRequest(_pool);
            Assert.True(sent.RequestUriBytes.SequenceEqual(target[..22]));
        }));
    }

    [Fact]
    public void Build_ForwardedResponse_AllocatesNothing() => Assert.Equal(0, Allocated(() =>
    {
        using var response = (SipResponse)SipParser.Parse(Ringing, _pool).Message!;
        using SipResponse sent = _edit.Begin(response).RemoveFirstValue(HeaderName.Via).BuildResponse(_pool);
        Assert.True(sent.TopViaView.Branch.SequenceEqual("z9hG4bK2"u8) && sent.CSeqNumber == 2 && sent.HasToTag);
    }));

    [Fact]
    public void Build_Answer_AllocatesNothing()
    {
        using var request = (SipRequest)SipParser.Parse(Invite, _pool).Message!;
        var builder = new ResponseBuilder();
        Assert.Equal(0, Allocated(() =>
        {
            using SipResponse response = builder.Begin(request, 200, toTag: "a1b2"u8).Header(HeaderName.Expires, $"{60}").Header(HeaderName.Contact, "<sip:a@h>"u8).Build(_pool);
            Assert.True(response.ToTag.SequenceEqual("a1b2"u8));
        }));
    }

    [Fact]
    public void View_Request_AllocatesNothing()
    {
        _ = HostPort.TryParse("[2001:db8:10::5]:5060", out HostPort sender);
        Assert.Equal(0, Allocated(() =>
        {
            using var request = (SipRequest)SipParser.Parse(Invite, _pool).Message!;
            Assert.True(request.TryGetRequestUriView(out SipUriView uri) && uri.Host.SequenceEqual("example.com"u8) && !uri.Has("lr"u8));
            Span<byte> aor = stackalloc byte[128];
            Assert.True(uri.TryFormatAor(aor, out int length) && aor[..length].SequenceEqual("sip:bob@example.com"u8));
            Assert.True(request.TopViaView.SentByIs(sender) && request.TopViaView.Branch.Length == 23 && request.CallIdHash != 0 && !request.HasToTag && request.FromTag.Length == 10);
            Assert.True(request.TryGetContactView(out AddressView contact) && contact.TryGetSipUri(out SipUriView at) && at.Port == 5060);
            int routes = 0;
            foreach (ReadOnlySpan<byte> route in request.ValuesOf(HeaderName.Route))
            {
                routes += AddressView.TryRead(route, out AddressView address) && address.TryGetSipUri(out SipUriView way) && way.IsLoose ? 1 : 0;
            }

            Assert.True(routes == 2);
        }));
    }

    [Fact]
    public void Frame_Stream_AllocatesNothing()
    {
        using var framer = new StreamFramer();
        Assert.Equal(0, Allocated(() =>
        {
            framer.Push(Invite.AsSpan(0, 100));
            Assert.True(framer.Pull(out _) == FrameKind.NeedMore);
            framer.Push(Invite.AsSpan(100));
            Assert.True(framer.Pull(out _) == FrameKind.Message);
        }));
    }

    // What the code itself allocates it allocates in every series; what the runtime does beside it, after a collection for example, is not in all of them.
    private static long Allocated(Action once)
    {
        for (int i = 0; i < WarmUp; i++)
        {
            once();
        }

        return Enumerable.Range(0, Series).Min(_ => AllocatedInSeries(once));
    }

    private static long AllocatedInSeries(Action once)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Rounds; i++)
        {
            once();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
