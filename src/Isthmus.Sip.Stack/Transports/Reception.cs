// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace Isthmus.Sip.Stack;

/// <summary>What happens to the bytes of a message on their way up: reading, saying where they came from, and turning away what is malformed or not ours.</summary>
internal sealed class Reception(TransportOptions options, ITransportUser user, ListenerTable listeners, MessagePool messages, StackCounters counters)
{
    /// <summary>Takes one message. False: it was malformed.</summary>
    public bool Take(ReadOnlySpan<byte> bytes, Flow flow, bool isStream)
    {
        var (outcome, message, fault) = SipParser.Parse(bytes, messages, options.ParserLimits, isStream);
        if (outcome != ParseOutcome.Ok)
        {
            Reject(message, fault!, flow);
            return false;
        }
        if (message is SipResponse response)
        {
            TakeResponse(response, flow);
            return true;
        }
        var request = (SipRequest)message!;

        // RFC 3261 §18.2.1 and RFC 3581 §4: a received parameter where sent-by is not the source, and both where rport is asked for.
        request.StampSource(flow.Remote);
        counters.Count(StackCounter.MessagesReceived);
        user.OnRequest(request, flow);
        return true;
    }

    /// <summary>Takes what came in on a stream that can no longer be cut into messages: answers if it was a request.</summary>
    public void TakeBroken(ReadOnlySpan<byte> bytes, Flow flow)
    {
        var (_, message, fault) = SipParser.Parse(bytes, options.ParserLimits, isStream: true);
        Reject(message, fault ?? new SipFault(400, "Content-Length is missing, ambiguous or too large"), flow);
    }

    private void TakeResponse(SipResponse response, Flow flow)
    {
        // RFC 3261 §18.1.2: whose top Via is not ours goes no further.
        if (!listeners.IsOurs(response.TopViaView, flow))
        {
            counters.Count(StackCounter.ForeignResponsesDropped);
            response.Dispose();
            return;
        }
        counters.Count(StackCounter.MessagesReceived);
        user.OnResponse(response, flow);
    }

    // Only a request is answered, never an ACK (RFC 3261 §8.2.6, §17), and only back to where it came from. Without a Via there is
    // nothing by which anybody could know the answer for one of his.
    private void Reject(SipMessage? message, SipFault fault, Flow flow)
    {
        var answered = message is SipRequest { } request && request.Method != SipMethod.Ack && request.Has(HeaderName.Via) && TryAnswer(request, fault, flow);
        counters.Count(answered ? StackCounter.MalformedAnswered : StackCounter.MalformedDropped);
        user.OnMalformed(flow, message, fault, answered);
    }

    private static bool TryAnswer(SipRequest request, SipFault fault, Flow flow)
    {
        var tag = Convert.ToHexStringLower(SHA256.HashData(request.Bytes.Span).AsSpan(0, 6)); // the same for a retransmission
        using var answer = request.Answer(fault.StatusCode, fault.Reason, tag).Build();
        return flow.TrySend(answer.Bytes.Span) is null;
    }
}
