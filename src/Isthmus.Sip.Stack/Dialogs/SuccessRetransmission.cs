// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>
/// The 2xx of a user agent to an INVITE, sent until its ACK comes (RFC 3261 §13.3.1.4): the transaction does not do that, since the
/// ACK is end to end. After T1, then twice as late each time up to T2, over every transport, for 64·T1.
/// </summary>
public sealed class SuccessRetransmission
{
    private readonly SipStack _stack;
    private readonly ServerTransaction _invite;
    private readonly SipResponse _success;
    private readonly Action _noAck;
    private readonly string _callId;
    private ConversationTimer? _timer;
    private TimeSpan _interval;
    private TimeSpan _left;

    private SuccessRetransmission(SipStack stack, ServerTransaction invite, SipResponse success, Action noAck)
    {
        _stack = stack;
        _invite = invite;
        _success = success;
        _noAck = noAck;
        _callId = success.CallId;
        _interval = stack.Options.Times.T1;
        _left = stack.Options.Times.Timeout;
    }

    /// <summary>Sends the 2xx and goes on until <see cref="Stop"/>. To be called on the owner of the conversation.</summary>
    /// <param name="stack">The stack of the transaction.</param>
    /// <param name="invite">The INVITE.</param>
    /// <param name="success">The 2xx.</param>
    /// <param name="noAck">Called on the owner when no ACK came within 64·T1: the dialog stands, and should be ended with a BYE.</param>
    public static SuccessRetransmission Start(SipStack stack, ServerTransaction invite, SipResponse success, Action noAck)
    {
        ArgumentNullException.ThrowIfNull(stack);
        ArgumentNullException.ThrowIfNull(invite);
        ArgumentNullException.ThrowIfNull(success);
        ArgumentNullException.ThrowIfNull(noAck);
        var retransmission = new SuccessRetransmission(stack, invite, success, noAck);
        retransmission.Send();
        retransmission.Wait();
        return retransmission;
    }

    /// <summary>The ACK came, or the call is over anyway. To be called on the owner of the conversation.</summary>
    public void Stop() => _timer?.Cancel();

    private void Send()
    {
        _success.Share(); // what is responded is the stack's
        _invite.Respond(_success);
    }

    private void Wait()
    {
        var wait = _interval < _left ? _interval : _left;
        _left -= wait;
        _timer = _stack.RunIn(_callId, wait, Due);
    }

    private void Due()
    {
        if (_left <= TimeSpan.Zero)
        {
            _noAck();
            return;
        }

        Send();
        var doubled = _interval * 2;
        _interval = doubled > _stack.Options.Times.T2 ? _stack.Options.Times.T2 : doubled;
        Wait();
    }
}
