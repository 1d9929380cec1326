// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Globalization;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>The messages that are on their way (RFC 3428 §4).</summary>
internal sealed class Outbox(PhoneContext phone)
{
    private static readonly MessageResult Closed = new(MessageOutcome.Failed, 0, "the phone is closed");

    private readonly ConcurrentDictionary<string, TaskCompletionSource<MessageResult>> _underway = new();
    private volatile bool _isClosed;

    /// <summary>Sends a message; done when its final answer is there, or none will come.</summary>
    public Task<MessageResult> SendAsync(AnyUri uri, Account? account, MessageContent content, MessageOptions options)
    {
        var (callId, tag) = (Identifiers.NewCallId(), Identifiers.NewTag());
        var done = new TaskCompletionSource<MessageResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _underway[callId] = done;
        if (_isClosed)
        {
            return Task.FromResult(Closed);
        }

        var date = phone.Time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        OutgoingRequest.Send(phone, callId, uri, account, options.Version, Compose, answer =>
        {
            var result = MessageResult.Of(answer, callId);
            PhoneLog.MessageSent(phone.Logger, callId, uri.ToString(), result.Outcome, result.Status, result.Reason);
            _underway.TryRemove(callId, out _);
            done.TrySetResult(result);
        });
        return done.Task;

        // RFC 3428 §4: no Contact, since a MESSAGE makes no dialog.
        RequestBuilder Compose(SignallingPath path, Flow flow)
        {
            var request = phone.Request(SipMethod.Message, uri)
                .From(PhoneContext.Identity(account, flow).With("tag", tag)).To(new NameAddr(uri)).CallId(callId).CSeq(1)
                .Header(HeaderName.Date, date);
            if (options.Expires is { } expires)
            {
                request.Header(HeaderName.Expires, ((long)expires.TotalSeconds).ToString(CultureInfo.InvariantCulture));
            }

            return request.Body(content.Type, content.Body.Span);
        }
    }

    /// <summary>Whoever still waits hears that the phone was closed.</summary>
    public void Close()
    {
        _isClosed = true;
        foreach (var waiting in _underway.Values)
        {
            waiting.TrySetResult(Closed);
        }
    }
}
