// SPDX-License-Identifier: Apache-2.0
using Isthmus.Lab;
using Isthmus.Sip;

namespace Isthmus.Tests.Lab.Agents;

public sealed class AgentAnswersTests
{
    private readonly AgentAnswers _agent = new();

    [Fact]
    public void Invite_RingsUntilItIsCancelled()
    {
        Assert.Equal(["180 INVITE"], Answers("INVITE", "z9hG4bK1"));
        Assert.Equal(["200 CANCEL", "487 INVITE"], Answers("CANCEL", "z9hG4bK1"));
        Assert.Equal(["200 CANCEL"], Answers("CANCEL", "z9hG4bK1"));
        Assert.Empty(Answers("ACK", "z9hG4bK1"));
    }

    [Fact]
    public void InvitesOf_ACall_CountsARetransmissionOnce()
    {
        Answers("INVITE", "z9hG4bK1");
        Answers("INVITE", "z9hG4bK1");
        Assert.Equal(1, _agent.InvitesOf("c1@lab"));
        Answers("INVITE", "z9hG4bK2");
        Assert.Equal(2, _agent.InvitesOf("c1@lab"));
        Assert.Equal(0, _agent.InvitesOf("c2@lab"));
    }

    [Fact]
    public void Subscriber_IsNotifiedAtOnce() => Assert.Equal(["200 SUBSCRIBE", "NOTIFY"], Answers("SUBSCRIBE", "z9hG4bK1"));

    [Fact]
    public void Invite_OfTheUserThatIsUnavailable_503() => Assert.Equal(["503 INVITE"], Answers("INVITE", "z9hG4bK1", AgentAnswers.Unavailable));

    private List<string> Answers(string method, string branch, string user = "t6")
    {
        var answers = new List<string>();
        string request = $"""
            {method} sip:{user}@192.0.2.6 SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.10:5060;branch={branch}
            Max-Forwards: 70
            From: <sip:t5@a.example>;tag=1
            To: <sip:t6@b.example>
            Call-ID: c1@lab
            CSeq: 1 {method}
            Contact: <sip:t5@192.0.2.5>
            Content-Length: 0


            """.ReplaceLineEndings("\r\n");
        _agent.Take(System.Text.Encoding.ASCII.GetBytes(request), answer =>
            answers.Add(SipParser.Parse(answer.Span).Message is SipResponse response ? $"{response.StatusCode} {response.CSeqMethod.Name}" : ((SipRequest)SipParser.Parse(answer.Span).Message!).Method.Name));
        return answers;
    }
}
