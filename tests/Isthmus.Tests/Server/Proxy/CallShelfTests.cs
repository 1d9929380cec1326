// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Tests.Server.Registrar;

namespace Isthmus.Tests.Server;

public sealed class CallShelfTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly CallShelf _shelf = new();

    [Fact]
    public void Add_Call_IsListedAsItCame()
    {
        ListedCall call = Add(1, "a@b");
        _shelf.Note(call, CallState.Calling, IpVersion.V6);
        var listed = Assert.Single(_shelf.Snapshot());
        Assert.Equal(("a@b", "sip:alice@example.com", "sip:bob@example.com", "calling"), (listed.CallId, listed.Caller, listed.Callee, listed.State));
        Assert.Equal((IpVersion.V4, IpVersion.V6, Start), (listed.CallerVersion, listed.CalleeVersion, listed.Since));
    }

    [Fact]
    public void Add_SameKey_IsNotListedTwice()
    {
        Add(1, "a");
        Assert.Null(Add(1, "b").Entry);
        Assert.Equal("a", Assert.Single(_shelf.Snapshot()).CallId);
    }

    [Fact]
    public void Note_Answered_TheVersionIsThatOfWhoAnswered()
    {
        ListedCall call = Add(1, "a");
        _shelf.Note(call, CallState.Calling, IpVersion.V4);
        _shelf.Note(call, CallState.Ringing, IpVersion.V6);
        Assert.Equal(IpVersion.V4, Assert.Single(_shelf.Snapshot()).CalleeVersion);
        _shelf.Note(call, CallState.Answered, IpVersion.V6);
        _shelf.Note(call, CallState.Ringing, IpVersion.V4);
        var listed = Assert.Single(_shelf.Snapshot());
        Assert.Equal(("answered", IpVersion.V6), (listed.State, listed.CalleeVersion));
    }

    [Fact]
    public void Note_CallThatLeft_DoesNotTouchTheNextInItsPlace()
    {
        ListedCall gone = Add(1, "a");
        Assert.True(_shelf.Remove(1));
        ListedCall next = Add(2, "b, which is longer");
        Assert.Same(gone.Entry, next.Entry);
        _shelf.Note(gone, CallState.Answered, IpVersion.V6);
        var listed = Assert.Single(_shelf.Snapshot());
        Assert.Equal(("b, which is longer", "calling", null), (listed.CallId, listed.State, listed.CalleeVersion));
    }

    [Fact]
    public void RemoveOlderThan_SomeOld_TheOthersStayInAnyOrderOfLeaving()
    {
        for (int i = 0; i < 6; i++)
        {
            Add((ulong)i, $"{i}", i);
        }

        Assert.True(_shelf.Remove(3));
        Assert.True(_shelf.Remove(0));
        Assert.True(_shelf.Remove(5));
        Assert.False(_shelf.Remove(5));
        Assert.Equal(2, _shelf.RemoveOlderThan(Start.AddHours(4)));
        Assert.Equal("4", Assert.Single(_shelf.Snapshot()).CallId);
        Assert.Equal(1, _shelf.RemoveOlderThan(Start.AddHours(5)));
        Assert.Equal(0, _shelf.RemoveOlderThan(Start.AddHours(9)));
        Assert.Empty(_shelf.Snapshot());
    }

    private ListedCall Add(ulong key, string callId, int hours = 0)
    {
        string text = $"INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: \"A\" <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: {callId}\r\nCSeq: 1 INVITE\r\n\r\n";
        var request = (SipRequest)SipParser.Parse(Encoding.UTF8.GetBytes(text)).Message!;
        var context = new RequestContext(null!, null!);
        context.Begin(new ReceivedRequest(request, TestFlow.Of(SipTransport.Udp, IpVersion.V4, 5060)), transaction: null);
        return _shelf.Add(key, context, Start.AddHours(hours));
    }
}
