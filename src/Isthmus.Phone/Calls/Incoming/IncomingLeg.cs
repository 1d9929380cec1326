// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>A call that comes to this phone, from its INVITE to the answer.</summary>
internal sealed class IncomingLeg : CallLeg
{
    private readonly ServerTransaction _invite;
    private readonly byte[]? _answer;
    private readonly bool _weOffer;
    private ConversationTimer? _ringTimer;
    private ConversationTimer? _answerTimer;
    private bool _isRinging;

    /// <param name="phone">The phone.</param>
    /// <param name="invite">The INVITE.</param>
    /// <param name="account">The account that is called, if any.</param>
    /// <param name="answer">Gives the body of the 2xx; null refuses the offer, and has answered the INVITE then.</param>
    /// <param name="weOffer">Whether the INVITE brought no offer, so that the 2xx carries ours.</param>
    private IncomingLeg(PhoneContext phone, ServerTransaction invite, Account? account, Func<CallMedia, byte[]?> answer, bool weOffer)
        : base(phone, invite.CallId, CallDirection.Incoming, account, invite.Request.Message.From)
    {
        (_invite, _weOffer) = (invite, weOffer);
        SignallingVersion = invite.Flow.Version;
        Media.Towards = invite.Flow.Remote.Address;
        _answer = answer(Media);
    }

    private SipRequest Request => _invite.Request.Message;

    /// <summary>Judges the offer of an INVITE that may be accepted otherwise, and lets it ring; null if the offer cannot be used: it is answered then.</summary>
    public static IncomingLeg? Accept(PhoneContext phone, ServerTransaction invite, Account? account)
    {
        var request = invite.Request.Message;
        var weOffer = request.Body.IsEmpty;
        IncomingLeg? leg = null;
        ResponseBuilder? refusal = null;
        leg = new IncomingLeg(phone, invite, account, media =>
        {
            if (weOffer)
            {
                // A delayed offer (RFC 3264 §5): ours then, by the version that the INVITE came by.
                var version = invite.Flow.Version;
                var offer = media.TryOffer(media.Possible.Has(version) ? version : version.Other, null);
                refusal = offer is null ? request.Answer(500, "no port for the media") : null;
                return offer;
            }

            var verdict = media.TryAnswer(request, invite.Flow.Version, phone.Options.Judge);
            refusal = verdict.Body is null ? verdict.Refusal(request, invite.Flow.SentBy.ToString(), isBare: !phone.Options.Judge) : null;
            return verdict.Body;
        }, weOffer);
        if (refusal is not null)
        {
            leg.Media.Close();
            invite.Respond(refusal.Build());
            return null;
        }

        return leg;
    }

    /// <summary>Whether a request is this call's INVITE, come by another way (RFC 3261 §8.2.2.2).</summary>
    public bool IsSameCallAs(SipRequest request) =>
        CallId == request.CallId && Request.From.Tag == request.From.Tag && Request.CSeq.Number == request.CSeq.Number;

    /// <summary>Reports the call and does what the screen or the options say.</summary>
    public void Start()
    {
        _invite.Tag = this;
        Call.Begin(this, new CallState(CallPhase.Calling, Phone.Time.GetUtcNow()) { Version = SignallingVersion });
        _ringTimer = Phone.Stack.RunIn(CallId, Phone.Options.RingTimeout, () => Refuse(480, null, new CallResult(CallOutcome.NoAnswer, 480, "nobody answered here")));
        var decision = Phone.Options.Screen?.Screen(Call) ?? Phone.Options.Answer switch
        {
            AnswerPolicy.Automatic => CallScreening.Answer(Phone.Options.AnswerAfter, Phone.Options.EarlyMedia),
            AnswerPolicy.Busy => CallScreening.Reject(),
            _ => CallScreening.Ring(Phone.Options.EarlyMedia),
        };
        if (decision.RejectStatus is { } status)
        {
            Reject(status, null);
            return;
        }

        if (decision.AnswerAfter is { } after && after <= TimeSpan.Zero)
        {
            Answer();
            return;
        }

        Ring(decision.EarlyMedia);
        if (decision.AnswerAfter is { } later)
        {
            _answerTimer = Phone.Stack.RunIn(CallId, later, Answer);
        }
    }

    public override void Ring(bool earlyMedia)
    {
        if (Session is not null || IsOver)
        {
            return;
        }

        // Early media needs an answer to an offer, and is not repeated (RFC 3261 §13.3.1.1).
        if (earlyMedia && !_weOffer && Call.State.Phase != CallPhase.EarlyMedia)
        {
            _invite.Respond(Provisional(183).Body(CallMedia.ContentType, _answer).Build());
            Media.Start();
            Enter(CallPhase.EarlyMedia, Media.Version, 183);
        }
        else if (!_isRinging)
        {
            _invite.Respond(Provisional(180).Build());
            if (Call.State.Phase != CallPhase.EarlyMedia)
            {
                Enter(CallPhase.Ringing, null, 180);
            }
        }

        _isRinging = true;
    }

    public override void Answer()
    {
        if (Session is not null || IsOver)
        {
            return;
        }

        _ringTimer?.Cancel();
        _answerTimer?.Cancel();
        if (Dialog.FromRequest(Request, LocalTag) is not { } dialog)
        {
            Refuse(400, "Contact missing", new CallResult(CallOutcome.Failed, 400, "an INVITE without Contact"));
            return;
        }

        var interval = SessionTimer.AnswerTo(Request, Phone.Options);
        var response = Request.Answer(200, null, LocalTag).CopyRecordRoutes()
            .Contact(PhoneContext.Contact(Call.Account, _invite.Flow))
            .Header(HeaderName.Allow, PhoneContext.AllowedMethods)
            .Header(HeaderName.Supported, "timer");
        SessionTimer.Write(response, interval);
        var path = new Target(_invite.Flow.Transport, _invite.Flow.Remote, _invite.Flow);
        Session = new Session(this, dialog, path) { AnswersUpdate = Request.Lists(HeaderName.Allow, "UPDATE") };
        Session.AwaitAck(_invite, response.Body(CallMedia.ContentType, _answer).Build(), _weOffer);
        Session.Timer.Start(interval, weAsked: false);
        if (!_weOffer)
        {
            Media.Start();
            EnterMediaState(200);
        }
    }

    public override void Reject(int status, string? reason) => Refuse(status, reason, new CallResult(Outcome(status), status, reason ?? StatusCodes.ReasonPhrase(status)));

    public override void HangUp()
    {
        if (Session is { } session)
        {
            session.HangUp(new CallResult(CallOutcome.Completed, 200, "hung up"));
        }
        else
        {
            Reject(603, null);
        }
    }

    public override void OnRequest(ServerTransaction transaction)
    {
        var request = transaction.Request.Message;
        if (Session is { } session && session.Dialog.Id.RemoteTag == request.From.Tag)
        {
            session.OnRequest(transaction);
        }
        else if (Session is null && !IsOver && request.From.Tag == Request.From.Tag && request.Method == SipMethod.Bye)
        {
            // RFC 3261 §15.1.2: a BYE in an early dialog ends it, and the INVITE gets 487.
            transaction.Respond(request.Answer(200).Build());
            OnCancel();
        }
        else
        {
            transaction.Respond(request.Answer(481).Build());
        }
    }

    /// <summary>The caller has given up.</summary>
    public void OnCancel() => Refuse(487, null, new CallResult(CallOutcome.Cancelled, 487, "the caller gave up") { ByRemote = true });

    protected override void OnEnd()
    {
        _ringTimer?.Cancel();
        _answerTimer?.Cancel();
    }

    private static CallOutcome Outcome(int status) => status switch
    {
        486 or 600 => CallOutcome.Busy,
        603 => CallOutcome.Declined,
        480 => CallOutcome.NoAnswer,
        _ => CallOutcome.Rejected,
    };

    private ResponseBuilder Provisional(int status) => Request.Answer(status, null, LocalTag).CopyRecordRoutes()
        .Contact(PhoneContext.Contact(Call.Account, _invite.Flow))
        .Header(HeaderName.Allow, PhoneContext.AllowedMethods);

    private void Refuse(int status, string? reason, CallResult result)
    {
        if (Session is null && !IsOver)
        {
            _invite.Respond(Request.Answer(status, reason, LocalTag).Build());
            End(result);
        }
    }
}
