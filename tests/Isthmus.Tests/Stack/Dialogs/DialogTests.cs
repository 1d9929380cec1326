// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Dialogs;

public sealed class DialogTests
{
    [Fact]
    public void FromResponse_2xx_IsAConfirmedDialogOfTheCaller()
    {
        var dialog = Caller("<sip:p1.example;lr>, <sip:p2.example;lr>");

        Assert.Equal(new DialogId("c1", "a", "b"), dialog.Id);
        Assert.True(dialog.IsCaller);
        Assert.Equal(DialogState.Confirmed, dialog.State);
        Assert.Equal("sip:bob@[2001:db8::2]:5062", dialog.RemoteTarget.ToString());
        Assert.Equal(["<sip:p2.example;lr>", "<sip:p1.example;lr>"], dialog.RouteSet.Select(route => route.ToString()));
        Assert.Equal(7u, dialog.LocalCSeq);
        Assert.Null(dialog.RemoteCSeq);
        Assert.False(dialog.IsSecure);
    }

    [Fact]
    public void FromRequest_IsAnEarlyDialogOfTheCalled()
    {
        var dialog = Dialog.FromRequest(Invite("Record-Route: <sip:p2.example;lr>, <sip:p1.example;lr>"), "b")!;

        Assert.Equal(new DialogId("c1", "b", "a"), dialog.Id);
        Assert.False(dialog.IsCaller);
        Assert.Equal(DialogState.Early, dialog.State);
        Assert.Equal("sip:alice@192.0.2.1", dialog.RemoteTarget.ToString());
        Assert.Equal(["<sip:p2.example;lr>", "<sip:p1.example;lr>"], dialog.RouteSet.Select(route => route.ToString()));
        Assert.Equal(7u, dialog.RemoteCSeq);
        Assert.Equal(0u, dialog.LocalCSeq);
        dialog.Confirm();
        Assert.Equal(DialogState.Confirmed, dialog.State);
    }

    [Fact]
    public void NewRequest_LooseRoute_AddressesTheRemoteTarget()
    {
        var dialog = Caller("<sip:p1.example;lr>, <sip:p2.example;lr>");
        var bye = dialog.NewRequest(SipMethod.Bye).Build();

        Assert.Equal("sip:bob@[2001:db8::2]:5062", bye.RequestUriText);
        Assert.Equal(["sip:p2.example;lr", "sip:p1.example;lr"], bye.Routes.Select(route => route.Uri.ToString()));
        Assert.Equal("sip:p2.example;lr", dialog.NextHop.ToString());
        Assert.Equal("8 BYE", bye.CSeq.ToString());
        Assert.Equal("a", bye.From.Tag);
        Assert.Equal("b", bye.To.Tag);
        Assert.Equal("c1", bye.CallId);
        Assert.Equal(70, bye.MaxForwards);
        Assert.Equal("9 INFO", dialog.NewRequest(SipMethod.Info).Build().CSeq.ToString());
    }

    [Fact]
    public void NewRequest_StrictRoute_AddressesTheFirstRouter()
    {
        var dialog = Caller("<sip:p1.example;lr>, <sip:p2.example>");
        var bye = dialog.NewRequest(SipMethod.Bye).Build();

        Assert.Equal("sip:p2.example", bye.RequestUriText);
        Assert.Equal(["sip:p1.example;lr", "sip:bob@[2001:db8::2]:5062"], bye.Routes.Select(route => route.Uri.ToString()));
        Assert.Equal("sip:p2.example", dialog.NextHop.ToString());
    }

    [Fact]
    public void NewRequest_NoRoute_GoesToTheRemoteTarget()
    {
        var dialog = Caller(null);

        Assert.Empty(dialog.NewRequest(SipMethod.Bye).Build().Routes);
        Assert.Equal("sip:bob@[2001:db8::2]:5062", dialog.NextHop.ToString());
    }

    [Fact]
    public void NewAck_HasTheCSeqOfTheInvite()
    {
        var dialog = Caller(null);
        dialog.NewRequest(SipMethod.Info);

        Assert.Equal("7 ACK", dialog.NewAck(7).Build().CSeq.ToString());
        Assert.Equal(8u, dialog.LocalCSeq);
    }

    [Theory]
    [InlineData(100, "b", true)]
    [InlineData(180, null, true)]
    [InlineData(486, "b", true)]
    [InlineData(200, "b", false)]
    public void FromResponse_MakesNoDialog_IsNull(int status, string? tag, bool contact) =>
        Assert.Null(Dialog.FromResponse(Invite(), Response(status, tag, null, contact)));

    [Fact]
    public void FromResponse_ProvisionalWithoutContact_AddressesTheRequestUriUntilThe2xx()
    {
        var dialog = Dialog.FromResponse(Invite(), Response(180, "b", null, contact: false))!;
        Assert.Equal(DialogState.Early, dialog.State);
        Assert.Equal("sip:bob@example.com", dialog.RemoteTarget.ToString());

        dialog.Confirm(Response(200, "b", "<sip:p1.example;lr>"));
        Assert.Equal(DialogState.Confirmed, dialog.State);
        Assert.Equal("sip:bob@[2001:db8::2]:5062", dialog.RemoteTarget.ToString());
        Assert.Single(dialog.RouteSet);
    }

    [Fact]
    public void FromResponse_Forked_MakesADialogForEachTag()
    {
        var first = Dialog.FromResponse(Invite(), Response(200, "b1", null))!;
        var second = Dialog.FromResponse(Invite(), Response(200, "b2", null))!;

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal("b2", second.Id.RemoteTag);
        Assert.Equal(second.Id, DialogId.OfReceived(Response(200, "b2", null)));
        Assert.Null(DialogId.OfReceived(Response(100, null, null)));
    }

    [Fact]
    public void OfReceived_RequestOfTheOther_IsItsTagsTurnedRound()
    {
        Assert.Equal(Caller(null).Id, DialogId.OfReceived(FromOther(SipMethod.Bye, 1)));
        Assert.Null(DialogId.OfReceived(Invite()));
    }

    [Fact]
    public void Receive_LowerCSeq_IsOutOfOrder()
    {
        var dialog = Caller(null);

        Assert.Equal(DialogCheck.InOrder, dialog.Receive(FromOther(SipMethod.Info, 5)));
        Assert.Equal(DialogCheck.OutOfOrder, dialog.Receive(FromOther(SipMethod.Info, 4)));
        Assert.Equal(DialogCheck.InOrder, dialog.Receive(FromOther(SipMethod.Ack, 1)));
        Assert.Equal(DialogCheck.InOrder, dialog.Receive(FromOther(SipMethod.Info, 900)));
        Assert.Equal(900u, dialog.RemoteCSeq);
        dialog.Terminate();
        Assert.Equal(DialogCheck.Terminated, dialog.Receive(FromOther(SipMethod.Bye, 901)));
    }

    [Theory]
    [InlineData("INVITE", true)]
    [InlineData("UPDATE", true)]
    [InlineData("INFO", false)]
    public void Receive_TargetRefresh_MovesTheRemoteTarget(string method, bool moves)
    {
        var dialog = Caller("<sip:p1.example;lr>");
        dialog.Receive(FromOther(new SipMethod(method), 5, "<sip:bob@192.0.2.77>"));

        Assert.Equal(moves ? "sip:bob@192.0.2.77" : "sip:bob@[2001:db8::2]:5062", dialog.RemoteTarget.ToString());
        Assert.Single(dialog.RouteSet);
    }

    private static Dialog Caller(string? recordRoute) => Dialog.FromResponse(Invite(), Response(200, "b", recordRoute))!;

    private static SipRequest Invite(string? more = null) => Parse<SipRequest>($"""
        INVITE sip:bob@example.com SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1
        From: "Alice" <sip:alice@example.com>;tag=a
        To: <sip:bob@example.com>
        Call-ID: c1
        CSeq: 7 INVITE
        Contact: <sip:alice@192.0.2.1>
        {more ?? "Subject: none"}
        """);

    private static SipResponse Response(int status, string? tag, string? recordRoute, bool contact = true) => Parse<SipResponse>($"""
        SIP/2.0 {status} Whatever
        Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1
        From: "Alice" <sip:alice@example.com>;tag=a
        To: <sip:bob@example.com>{(tag is null ? "" : ";tag=" + tag)}
        Call-ID: c1
        CSeq: 7 INVITE
        {(contact ? "Contact: <sip:bob@[2001:db8::2]:5062>" : "Subject: none")}
        {(recordRoute is null ? "Subject: none" : "Record-Route: " + recordRoute)}
        """);

    private static SipRequest FromOther(SipMethod method, uint cseq, string contact = "<sip:bob@[2001:db8::2]:5062>") => Parse<SipRequest>($"""
        {method} sip:alice@192.0.2.1 SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK2
        From: <sip:bob@example.com>;tag=b
        To: "Alice" <sip:alice@example.com>;tag=a
        Call-ID: c1
        CSeq: {cseq} {method}
        Contact: {contact}
        """);

    private static T Parse<T>(string text)
        where T : SipMessage
    {
        var result = SipParser.Parse(System.Text.Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n") + "\r\n\r\n"));
        Assert.Equal(ParseOutcome.Ok, result.Outcome);
        return Assert.IsType<T>(result.Message);
    }
}
