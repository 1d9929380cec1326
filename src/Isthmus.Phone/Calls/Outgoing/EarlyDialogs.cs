// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>The early dialogs of one INVITE, one for each phone that it was forked to, and the reliable provisional answers in them (RFC 3262).</summary>
internal sealed class EarlyDialogs
{
    /// <summary>A further one is not kept: its provisional answers change nothing, its 2xx still counts.</summary>
    private const int Most = 16;

    private readonly Dictionary<string, Early> _byTag = [];

    /// <summary>The early dialog that a provisional answer belongs to; null without a tag, or when there are too many.</summary>
    public Early? Of(SipRequest invite, SipResponse provisional)
    {
        if (provisional.To.Tag is not { } tag)
        {
            return null;
        }

        if (_byTag.TryGetValue(tag, out var known))
        {
            return known;
        }

        return _byTag.Count < Most && Dialog.FromResponse(invite, provisional) is { } dialog ? _byTag[tag] = new Early(dialog) : null;
    }

    /// <summary>The early dialog with that remote tag, if there is one.</summary>
    public Early? Find(string? remoteTag) => remoteTag is not null && _byTag.TryGetValue(remoteTag, out var early) ? early : null;

    public void Clear() => _byTag.Clear();

    /// <summary>One early dialog.</summary>
    internal sealed class Early(Dialog dialog)
    {
        private long _lastReliable = -1;

        public Dialog Dialog => dialog;

        /// <summary>Whether it has had its answer in a reliable provisional one: what a 2xx says then is a repetition.</summary>
        public bool IsAnswered { get; private set; }

        /// <summary>The PRACK for a reliable provisional answer; null if it is none, was seen, or came out of order (RFC 3262 §4: it will be sent again).</summary>
        public RequestBuilder? Acknowledge(SipResponse provisional)
        {
            if (!provisional.Lists(HeaderName.Require, "100rel")
                || !uint.TryParse(provisional.Text(HeaderName.RSeq), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || (_lastReliable >= 0 && number != _lastReliable + 1))
            {
                return null;
            }

            _lastReliable = number;
            IsAnswered |= !provisional.Body.IsEmpty;
            return dialog.NewRequest(SipMethod.Prack)
                .Header(HeaderName.RAck, string.Create(CultureInfo.InvariantCulture, $"{number} {provisional.CSeq.Number} {provisional.CSeq.Method}"));
        }

        /// <summary>A request of the called side before its final answer: only UPDATE means something then (RFC 3311).</summary>
        public void OnRequest(ServerTransaction transaction)
        {
            var request = transaction.Request.Message;
            if (dialog.Receive(request) != DialogCheck.InOrder)
            {
                transaction.Respond(request.Answer(500, "CSeq out of order").Build());
            }
            else if (request.Method == SipMethod.Update)
            {
                // RFC 3311 §5.2: with an offer while ours is unanswered, 491; one after it would have to be answered twice, so later.
                transaction.Respond((request.Body.IsEmpty ? request.Answer(200) : request.Answer(IsAnswered ? 500 : 491).Header(HeaderName.RetryAfter, "2")).Build());
            }
            else
            {
                transaction.Respond((request.Method == SipMethod.Options ? Capabilities.Answer(request) : request.Answer(481)).Build());
            }
        }
    }
}
