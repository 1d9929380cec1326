// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>The called side of INVITE and UPDATE inside a dialog: offers of the other side, and the ACKs that must follow.</summary>
internal sealed class OfferAnswerServer(Session session, CallLeg leg)
{
    private SuccessRetransmission? _success;
    private uint _sequence;
    private bool _offered;

    /// <summary>Whether a 2xx waits for its ACK.</summary>
    public bool IsAwaitingAck => _success is not null;

    /// <summary>Whether an INVITE of the other side is not done yet.</summary>
    public bool IsBusy => IsAwaitingAck;

    /// <summary>Sends a 2xx to an INVITE until its ACK comes.</summary>
    /// <param name="invite">The INVITE.</param>
    /// <param name="success">The 2xx.</param>
    /// <param name="offered">Whether the 2xx carries an offer, so that the ACK must carry the answer.</param>
    public void AwaitAck(ServerTransaction invite, SipResponse success, bool offered)
    {
        _sequence = invite.Request.Message.CSeq.Number;
        _offered = offered;
        session.Dialog.Confirm();
        _success = SuccessRetransmission.Start(leg.Phone.Stack, invite, success, () =>
        {
            _success = null;
            session.OnNoAck();
        });
    }

    /// <summary>The other side has hung up: its ACK is not awaited any more.</summary>
    public void Stop()
    {
        _success?.Stop();
        _success = null;
    }

    /// <summary>An ACK; true if it is the one that was awaited.</summary>
    public bool OnAck(SipRequest ack)
    {
        if (_success is null || ack.CSeq.Number != _sequence)
        {
            return false;
        }

        _success.Stop();
        _success = null;
        if (_offered && !leg.IsOver)
        {
            if (leg.Media.Accept(ack).IsUsable)
            {
                leg.EnterMediaState(200);
            }
            else
            {
                session.HangUp(new CallResult(CallOutcome.IncompatibleMedia, 488, "the answer in the ACK cannot be used"));
            }
        }

        return true;
    }

    /// <summary>A re-INVITE or an UPDATE.</summary>
    public void OnOffer(ServerTransaction transaction)
    {
        var request = transaction.Request.Message;
        var isInvite = request.Method == SipMethod.Invite;
        if (IsAwaitingAck && (isInvite || !request.Body.IsEmpty))
        {
            // RFC 3261 §14.2
            Refuse(transaction, request.Answer(500).Header(HeaderName.RetryAfter, RandomRetry()));
            return;
        }

        if (session.IsReinviting && (isInvite || !request.Body.IsEmpty))
        {
            // RFC 3261 §14.2, RFC 3311 §5.2
            Refuse(transaction, request.Answer(491));
            return;
        }

        if (SessionTimer.IsTooShort(request, leg.Phone.Options))
        {
            Refuse(transaction, request.Answer(422).Header(HeaderName.MinSe, leg.Phone.MinSessionSeconds));
            return;
        }

        var offersNothing = request.Body.IsEmpty;
        byte[]? body = null;
        if (offersNothing && isInvite)
        {
            body = leg.Media.TryOffer(leg.Media.Version, null);
            if (body is null)
            {
                Refuse(transaction, request.Answer(500));
                return;
            }
        }
        else if (!offersNothing)
        {
            var answer = leg.Media.TryAnswer(request, transaction.Flow.Version, mayRedirect: false);
            if (answer.Body is null)
            {
                Refuse(transaction, answer.Refusal(request, transaction.Flow.SentBy.ToString(), isBare: !leg.Phone.Options.Judge));
                return;
            }

            body = answer.Body;
        }

        var interval = SessionTimer.AnswerTo(request, leg.Phone.Options);
        var response = request.Answer(200).Contact(PhoneContext.Contact(leg.Call.Account, transaction.Flow))
            .Header(HeaderName.Allow, PhoneContext.AllowedMethods)
            .Header(HeaderName.Supported, "timer");
        SessionTimer.Write(response, interval);
        if (isInvite)
        {
            response.CopyRecordRoutes();
        }

        if (body is not null)
        {
            response.Body(CallMedia.ContentType, body);
        }

        var built = response.Build();
        if (isInvite)
        {
            AwaitAck(transaction, built, offered: offersNothing);
        }
        else
        {
            transaction.Respond(built);
        }

        session.Timer.Start(interval, weAsked: false);
        if (!offersNothing)
        {
            leg.Media.Start();
            leg.EnterMediaState(200);
        }
    }

    private static void Refuse(ServerTransaction transaction, ResponseBuilder response) => transaction.Respond(response.Build());

    private string RandomRetry() => ((int)(10 * leg.Phone.Chance())).ToString(CultureInfo.InvariantCulture);
}
