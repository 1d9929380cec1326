// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Tests.Bodies;

public sealed class MessageSummaryTests
{
    // RFC 3842 §6, its second example, without the headers.
    private const string Counted = "Messages-Waiting: yes\r\nMessage-Account: sip:alice@vmail.example.com\r\nVoice-Message: 4/8 (1/2)\r\nFax-Message: 0/3\r\n\r\nTo: <alice@atlanta.example.com>\r\n";

    [Fact]
    public void TryParse_Counts_AreRead()
    {
        var summary = Reading.Document<MessageSummary>(MessageSummary.TryParse, Counted);
        Assert.True(summary.Waiting);
        Assert.Equal("sip:alice@vmail.example.com", summary.Account);
        Assert.Equal([new("Voice-Message", 4, 8, 1, 2), new("Fax-Message", 0, 3)], summary.Counts);
    }

    [Fact]
    public void ToBytes_Counts_AreLinesOfText()
    {
        var summary = new MessageSummary(true) { Account = "sip:alice@example.com", Counts = [new("Voice-Message", 2, 0), new("Text-Message", 1, 0, 1, 0)] };
        Assert.Equal("Messages-Waiting: yes\r\nMessage-Account: sip:alice@example.com\r\nVoice-Message: 2/0\r\nText-Message: 1/0 (1/0)\r\n", summary.ToString());
        Reading.RoundTrip(MessageSummary.TryParse, summary, static document => document.ToBytes());
    }

    [Fact]
    public void Compose_TwoMailboxes_AddsUp()
    {
        var calls = new MessageSummary(false) { Counts = [new("Voice-Message", 0, 8, 0, 2)] };
        var faxes = new MessageSummary(true) { Account = "sip:fax@example.com", Counts = [new("Fax-Message", uint.MaxValue, 0), new("voice-message", 1, 1), new("fax-message", 1, 0)] };
        Assert.Equal(
            "Messages-Waiting: yes\r\nMessage-Account: sip:fax@example.com\r\nVoice-Message: 1/9 (0/2)\r\nFax-Message: 4294967295/0\r\n",
            MessageSummary.Compose([calls, faxes]).ToString());
        Assert.Equal("Messages-Waiting: no\r\n", MessageSummary.Compose([]).ToString());
    }

    [Theory]
    [InlineData("messages-waiting:NO", false)]
    [InlineData("Messages-Waiting: yes\nVoice-Message: 1/0\n", true)]
    [InlineData("Messages-Waiting:yes\r\nvoice-message :  1 / 0  ( 0 / 0 ) ", true)]
    public void TryParse_LooselyWritten_IsRead(string text, bool waiting) =>
        Assert.Equal(waiting, Reading.Document<MessageSummary>(MessageSummary.TryParse, text).Waiting);

    [Theory]
    [InlineData("", "the body is empty")]
    [InlineData("\r\nMessages-Waiting: yes", "the body is empty")]
    [InlineData("<xml/>", "line 1: not a line of the form name: value")]
    [InlineData("Voice-Message: 1/0", "line 1: the first line is not Messages-Waiting: yes or no")]
    [InlineData("Messages-Waiting: perhaps", "line 1: the first line is not Messages-Waiting: yes or no")]
    [InlineData("Messages-Waiting: yes\r\nVoice-Message: many", "line 2: a count of messages cannot be read")]
    [InlineData("Messages-Waiting: yes\r\nVoice-Message: -1/0", "line 2: a count of messages cannot be read")]
    [InlineData("Messages-Waiting: yes\r\nVoice-Message: 4294967296/0", "line 2: a count of messages cannot be read")]
    [InlineData("Messages-Waiting: yes\r\nVoice-Message: 1/0 (1", "line 2: a count of messages cannot be read")]
    public void TryParse_AnythingElse_IsAFault(string text, string fault) => Assert.Equal(fault, Reading.Fault<MessageSummary>(MessageSummary.TryParse, text));

    [Fact]
    public void TryParse_MoreLinesThanAllowed_IsAFault() => Assert.Equal(
        "line 4001: there are more lines than allowed",
        Reading.Fault<MessageSummary>(MessageSummary.TryParse, "Messages-Waiting: yes\n" + string.Concat(Enumerable.Repeat("a: 1/0\n", 4_000))));
}
