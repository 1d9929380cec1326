// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Isthmus.DualStack;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>A call that this phone makes: one INVITE, and at most one more for each IP version that it is told to use instead.</summary>
internal sealed class OutgoingLeg : CallLeg, IClientTransactionUser
{
    private readonly AnyUri _uri;
    private readonly IpVersion? _wanted;
    private readonly EarlyDialogs _early = new();
    private readonly Dictionary<string, (SipRequest Ack, Target Target)> _acks = [];
    private readonly SignallingPaths _paths;
    private volatile IReadOnlyList<IpVersion> _redirects = []; // the owner replaces it, anybody reads it
    private IpVersions _tried;
    private ClientTransaction? _invite;
    private ConversationTimer? _ringTimer;
    private IpVersion _media;
    private int _minimumInterval = SessionInterval.Shortest;
    private uint _sequence;
    private bool _wasRinging;
    private bool _expecting;

    public OutgoingLeg(PhoneContext phone, AnyUri uri, Account? account, IReadOnlyList<SignallingPath> paths, IpVersion? wanted, CallAudio? audio)
        : base(phone, Identifiers.NewCallId(), CallDirection.Outgoing, account, new NameAddr(uri))
    {
        (_uri, _wanted) = (uri, wanted ?? phone.Options.Prefer);
        _paths = new SignallingPaths(_wanted);
        Media.Audio = audio;
        if (paths.Count > 0)
        {
            Know(paths);
        }
    }

    /// <summary>Finds where the call goes; null: that is known.</summary>
    public ServerSearch? Search { get; init; }

    public override IReadOnlyList<IpVersion> Redirects => _redirects;

    private Account? Account => Call.Account;

    private AttemptFacts Attempt => new()
    {
        Has = Media.Possible,
        Registered = _paths.Versions,
        Offered = _media,
        Signalling = _paths.Taken.Version,
        Tried = _tried,
    };

    public void Start()
    {
        SignallingVersion = _paths.AreKnown ? _paths.Taken.Version : null;
        Call.Begin(this, new CallState(CallPhase.Calling, Phone.Time.GetUtcNow()) { Version = SignallingVersion });
        _ringTimer = Phone.Stack.RunIn(CallId, Phone.Options.RingTimeout, () => GiveUp(new CallResult(CallOutcome.NoAnswer, 408, "nobody answered")));
        if (Search is { } search)
        {
            _ = LocateAsync(search, (SipUri)_uri);
        }
        else
        {
            Invite(Usable(_wanted ?? _paths.Taken.Version));
        }
    }

    public override void HangUp()
    {
        if (Session is { } session)
        {
            session.HangUp(new CallResult(CallOutcome.Completed, 200, "hung up"));
        }
        else
        {
            GiveUp(new CallResult(CallOutcome.Cancelled, 487, "cancelled"));
        }
    }

    public override void OnRequest(ServerTransaction transaction)
    {
        var request = transaction.Request.Message;
        if (Session is { } session && session.Dialog.Id.RemoteTag == request.From.Tag)
        {
            session.OnRequest(transaction);
        }
        else if (_early.Find(request.From.Tag) is { } early && request.Method != SipMethod.Bye && !IsOver)
        {
            early.OnRequest(transaction);
        }
        else
        {
            transaction.Respond(request.Answer(481).Build());
        }
    }

    public void OnResponse(ClientTransaction transaction, SipResponse response)
    {
        if (response.IsSuccess)
        {
            OnSuccess(transaction, response);
        }
        else if (transaction != _invite)
        {
            return;
        }
        else if (response.IsProvisional)
        {
            OnProvisional(transaction, response);
        }
        else
        {
            OnRefused(response);
        }
    }

    public void OnTimeout(ClientTransaction transaction) => OnLost(transaction, 408, "no answer");

    public void OnTransportError(ClientTransaction transaction, SocketError? error) =>
        OnLost(transaction, 503, error is { } e ? $"cannot be reached: {e}" : "cannot be reached");

    protected override void OnEnd()
    {
        _ringTimer?.Cancel();
        _early.Clear();
    }

    private void Know(IReadOnlyList<SignallingPath> paths)
    {
        _paths.Know(paths);
        Media.Towards = _paths.Taken.Target.EndPoint.Address;
    }

    // RFC 3263 §4. Where there are several servers, the call walks them as it walks the versions of an account's.
    private async Task LocateAsync(ServerSearch search, SipUri uri)
    {
        var (targets, failure) = await search.LocateAsync(uri, CancellationToken.None).ConfigureAwait(false);
        Phone.Stack.RunIn(CallId, () => Located(targets, failure));
    }

    private void Located(IReadOnlyList<LocatedTarget> targets, LocateFailure? failure)
    {
        if (IsOver)
        {
            return; // hung up meanwhile
        }

        if (failure is { } why)
        {
            End(Outcomes.Of(why));
            return;
        }

        Know([.. targets.Select(target => new SignallingPath(target.ToTarget(), []))]);
        IpVersion version = _paths.Taken.Version;
        SignallingVersion = version;
        Enter(CallPhase.Calling, version);
        Invite(Usable(_wanted ?? version));
    }

    private IpVersion Usable(IpVersion version) => Media.Possible.Has(version) ? version : version.Other;

    private void Invite(IpVersion media)
    {
        var path = _paths.Taken;
        Media.Towards = path.Target.EndPoint.Address;
        _media = media;
        _tried |= media.AsSet;
        _early.Clear();
        if (Media.TryOffer(media, null) is not { } offer)
        {
            End(new CallResult(CallOutcome.Failed, 0, $"no {media.DisplayName} address or port for the media"));
            return;
        }

        if (Phone.Stack.FlowTowards(path.Target) is not { } flow)
        {
            End(new CallResult(CallOutcome.Unreachable, 503, $"no {path.Version.DisplayName} socket for {path.Target.Transport.Token}"));
            return;
        }

        var request = Phone.Request(SipMethod.Invite, _uri)
            .From(PhoneContext.Identity(Account, flow).With("tag", LocalTag)).To(new NameAddr(_uri)).CallId(CallId).CSeq(++_sequence)
            .Contact(PhoneContext.Contact(Account, flow))
            .Header(HeaderName.Allow, PhoneContext.AllowedMethods)
            .Header(HeaderName.Supported, Phone.Options.FollowRedirects ? $"100rel, timer, {Redirection.OptionTag}" : "100rel, timer");
        foreach (var route in path.Route)
        {
            request.Route(route);
        }

        SessionTimer.Ask(request, SessionTimer.Initial(Phone.Options), _minimumInterval);
        _invite = Phone.Stack.Send(request.Body(CallMedia.ContentType, offer).Build(), path.Target, this);
        if (!_expecting)
        {
            _expecting = true;
            Expect();
        }
    }

    private void OnProvisional(ClientTransaction transaction, SipResponse response)
    {
        if (response.StatusCode == 100 || IsOver)
        {
            return;
        }

        if (response.StatusCode == 180)
        {
            Ringing(response.StatusCode);
        }

        if (_early.Of(transaction.Request, response) is not { } early)
        {
            return;
        }

        if (response.Lists(HeaderName.Require, "100rel"))
        {
            if (early.Acknowledge(response) is not { } prack)
            {
                return;
            }

            Target target = _paths.Taken.Target;
            Phone.Stack.Send(prack.Header(HeaderName.UserAgent, Phone.Options.UserAgent).Build(), Phone.Resolve(early.Dialog.NextHop, target) ?? target, Unheard.Instance);
        }

        if (!response.Body.IsEmpty && Media.Preview(response))
        {
            _wasRinging = true;
            Enter(CallPhase.EarlyMedia, Media.Version, response.StatusCode);
        }
    }

    private void Ringing(int status)
    {
        _wasRinging = true;
        if (Call.State.Phase is CallPhase.Calling or CallPhase.Redirected)
        {
            Enter(CallPhase.Ringing, null, status);
        }
    }

    private void OnSuccess(ClientTransaction transaction, SipResponse response)
    {
        var tag = response.To.Tag ?? "";
        if (_acks.TryGetValue(tag, out var acked))
        {
            // Our ACK was lost (RFC 3261 §13.2.2.4).
            Phone.Stack.SendStateless(acked.Ack, acked.Target);
            return;
        }

        var early = _early.Find(tag);
        early?.Dialog.Confirm(response);
        var dialog = early?.Dialog ?? Dialog.FromResponse(transaction.Request, response);
        if (dialog is null)
        {
            if (transaction == _invite && Session is null)
            {
                // Nothing can be acknowledged or released without one.
                End(new CallResult(CallOutcome.Failed, response.StatusCode, "an answer without Contact") { ByRemote = true });
                SettleInvite();
            }

            return;
        }

        var session = new Session(this, dialog, _paths.Taken.Target) { AnswersUpdate = response.Lists(HeaderName.Allow, "UPDATE") };
        var ack = dialog.NewAck(transaction.Request.CSeq.Number).Header(HeaderName.UserAgent, Phone.Options.UserAgent).Build();
        _acks[tag] = (ack, session.NextHop);
        Phone.Stack.SendStateless(ack, session.NextHop);
        if (Session is not null || transaction != _invite || IsOver)
        {
            // A further phone answered, or one answered what was given up (RFC 3261 §13.2.2.4): it is thanked and released.
            Phone.Stack.Send(session.Request(SipMethod.Bye).Build(), session.NextHop, Unheard.Instance);
            if (Session is null && transaction == _invite)
            {
                SettleInvite();
            }

            return;
        }

        _ringTimer?.Cancel();
        Session = session;
        Established(session, response, early?.IsAnswered == true);
        SettleInvite();
    }

    private void Established(Session session, SipResponse response, bool isAnswered)
    {
        session.Timer.Start(SessionInterval.Of(response), weAsked: true);
        var answer = isAnswered && response.Body.IsEmpty ? MediaAnswer.Usable : Media.Accept(response);
        if (answer.IsUsable)
        {
            EnterMediaState(response.StatusCode);
        }
        else if (answer.OtherVersion is { } other && Phone.Options.FollowRedirects && CallAgain.OnAnswer(other, Attempt).Action == CallAgainAction.CallAgain)
        {
            // The other side answered by another version than it was offered: by that version then, instead of sound in one direction.
            _tried |= other.AsSet;
            Redirected(other, response.StatusCode);
            session.Offer(other, null, accepted =>
            {
                if (!accepted)
                {
                    session.HangUp(Incompatible(response, $"answered by {other.DisplayName}, and did not accept that either"));
                }
            });
        }
        else if (answer.OtherVersion is { } lacking)
        {
            session.HangUp(Incompatible(response, $"the other side answered by {lacking.DisplayName}"));
        }
        else
        {
            session.HangUp(new CallResult(CallOutcome.IncompatibleMedia, response.StatusCode, $"the answer cannot be used: {answer.Fault}"));
        }
    }

    private static CallResult Incompatible(SipResponse response, string reason) =>
        new(CallOutcome.IncompatibleVersions, response.StatusCode, reason);

    private void OnRefused(SipResponse response)
    {
        if (IsOver)
        {
            SettleInvite();
            return;
        }

        Media.Withdraw();
        if (response.StatusCode == 422 && SessionInterval.MinimumOf(response) > _minimumInterval && Phone.Options.SessionExpires > TimeSpan.Zero)
        {
            // RFC 4028 §7.4
            _minimumInterval = SessionInterval.MinimumOf(response);
            Invite(_media);
        }
        else if (Phone.Options.FollowRedirects
            && CallAgain.OnRefusal(response, Attempt) is { Action: CallAgainAction.CallAgain, Version: { } version, Signalling: { } signalling })
        {
            Redirected(version, response.StatusCode);
            _paths.Take(signalling);
            SignallingVersion = _paths.Taken.Version;
            Invite(version);
        }
        else
        {
            End(Outcomes.Of(response, _wasRinging));
            SettleInvite();
        }
    }

    private void Redirected(IpVersion version, int status)
    {
        _redirects = [.. _redirects, version];
        Enter(CallPhase.Redirected, version, status);
    }

    private void OnLost(ClientTransaction transaction, int status, string reason)
    {
        if (transaction != _invite || Session is not null || transaction.HasFinal)
        {
            return;
        }

        Media.Withdraw();
        _paths.Break();
        if (!IsOver && status == 503 && _paths.TryNext())
        {
            SignallingVersion = _paths.Taken.Version;
            Invite(Usable(_paths.Taken.Version));
            return;
        }

        End(new CallResult(CallOutcome.Unreachable, status, reason));
        SettleInvite();
    }

    private void GiveUp(CallResult result)
    {
        if (Session is null && !IsOver)
        {
            // The call is over for the user; the leg stays until the INVITE has its final answer. A 2xx that crosses the CANCEL is released (RFC 3261 §9.1).
            End(result);
            _invite?.Cancel();
        }
    }

    /// <summary>The INVITE has its last word; what still comes is a 2xx of another phone, which needs nobody to wait.</summary>
    private void SettleInvite()
    {
        if (_expecting)
        {
            _expecting = false;
            Settled();
        }
    }
}
