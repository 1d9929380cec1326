// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Figures;
using Isthmus.Lab;
using Isthmus.Sip;

namespace Isthmus.Tests.Lab.Running;

/// <summary>What belongs to FIG. 10, and that nothing of it is changed on its way.</summary>
public sealed class CarriedCheckTests
{
    private static readonly Figure Figure = LabTable.Find("10-1")[0].Figure;

    private readonly Ladder _ladder = new(TimeProvider.System);

    [Fact]
    public void Message_CarriedAsItIs_HasNoProblem()
    {
        Send(1, "T7", "S1", "MESSAGE sip:t6@isthmus.example SIP/2.0", "hello");
        Send(2, "S1", "T6", "MESSAGE sip:t6@192.0.2.6 SIP/2.0", "hello", "z9hG4bK2");
        Assert.Empty(CarriedCheck.Problems(_ladder, Figure));
    }

    [Fact]
    public void Message_WithAnotherBody_IsAProblem()
    {
        Send(1, "T7", "S1", "MESSAGE sip:t6@isthmus.example SIP/2.0", "hello");
        Send(2, "S1", "T6", "MESSAGE sip:t6@192.0.2.6 SIP/2.0", "hellO", "z9hG4bK2");
        Assert.Equal(["MESSAGE 1 left T7 and reached T6 with a difference: 'hello' became 'hellO'"], CarriedCheck.Problems(_ladder, Figure));
    }

    [Fact]
    public void Seen_OfWhatTheCalledTerminalWritesByItself_IsNotTheFigures()
    {
        Send(1, "T6", "S1", "MESSAGE sip:t7@isthmus.example SIP/2.0", "displayed");
        Assert.Empty(FigureSequence.Seen(_ladder, Figure));
    }

    [Fact]
    public void Seen_WhenAHostsPacketsAreKnownLater_KnowsWhoBegan()
    {
        Send(2, "S1", "T6", "MESSAGE sip:t6@192.0.2.6 SIP/2.0", "hello", "z9hG4bK2");
        Send(1, "T7", "S1", "MESSAGE sip:t6@isthmus.example SIP/2.0", "hello");
        Assert.Equal(2, FigureSequence.Seen(_ladder, Figure).Count);
    }

    [Fact]
    public void Seen_OfASecondMessage_IsASecondArrow()
    {
        Send(1, "S1", "T6", "MESSAGE sip:t6@192.0.2.6 SIP/2.0", "hello", "z9hG4bK2");
        Send(0, "T7", "S1", "MESSAGE sip:t6@isthmus.example SIP/2.0", "hello");
        Send(2, "S1", "T6", "MESSAGE sip:t6@192.0.2.6 SIP/2.0", "hello", "z9hG4bK3");
        Assert.Equal(2, FigureSequence.Seen(_ladder, Figure).Count(arrow => arrow.StartsWith("S1", StringComparison.Ordinal)));
    }

    [Fact]
    public void KeptMessage_WithTheDateOfItsReceipt_HasNoProblem()
    {
        Figure kept = LabTable.Find("10-13")[0].Figure;
        byte[] sent = Frames.Message("MESSAGE sip:t6@isthmus.example SIP/2.0", "1 MESSAGE", body: "hello");
        string dated = Encoding.UTF8.GetString(sent).Replace("\r\n\r\n", "\r\nDate: Mon, 23 Nov 2026 15:00:08 GMT\r\n\r\n", StringComparison.Ordinal);
        _ladder.Sent(TimeSpan.Zero, "T7", "S1", IpVersion.V6, SipTransport.Udp, sent);
        _ladder.Sent(TimeSpan.FromSeconds(1), "S1", "T6", IpVersion.V4, SipTransport.Udp, Encoding.UTF8.GetBytes(dated));
        Assert.Empty(CarriedCheck.Problems(_ladder, kept));
        Assert.Single(CarriedCheck.Problems(_ladder, Figure));
    }

    [Fact]
    public void List_ThatNobodyIsToldOf_IsAProblem() => Assert.Equal(["no NOTIFY told T7 of T6 as a member of the list"], CarriedCheck.Problems(_ladder, LabTable.Find("10-11")[0].Figure));

    private void Send(int at, string from, string to, string start, string body, string branch = "z9hG4bK1") =>
        _ladder.Sent(TimeSpan.FromMilliseconds(at), from, to, from == "T7" || to == "T7" ? IpVersion.V6 : IpVersion.V4, SipTransport.Udp, Frames.Message(start, "1 MESSAGE", branch, body));
}
