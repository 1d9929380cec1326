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
    private readonly List<IpVersion> _redirects = [];
    private readonly HashSet<SignallingPath> _unreachable = [];
    private IReadOnlyList<SignallingPath> _paths;
    private IpVersions _tried;
    private SignallingPath _path = null!; // until it is known where the call goes
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
        (_uri, _paths, _wanted) = (uri, paths, wanted ?? phone.Options.Prefer);
        Media.Audio = audio;
        if (paths.Count > 0)
        {
            Choose(paths);
        }
    }

    /// <summary>Finds where the call goes; null: that is known.</summary>
    public ServerSearch? Search { get; init; }

    public override IReadOnlyList<IpVersion> Redirects
    {
        get
        {
            lock (_redirects)
            {
                return [.. _redirects];
            }
        }
    }

    private Account? Account => Call.Account;

    private AttemptFacts Attempt => new()
    {
        Has = Media.Possible,
        Registered = _paths.Where(p => !_unreachable.Contains(p)).Aggregate(IpVersions.None, (set, path) => set | path.Version.AsSet),
        Offered = _media,
        Signalling = _path.Version,
        Tried = _tried,
    };

    public void Start()
    {
        SignallingVersion = _path?.Version;
        Call.Begin(this, new CallState(CallPhase.Calling, Phone.Time.GetUtcNow()) { Version = SignallingVersion });
        _ringTimer = Phone.Stack.RunIn(CallId, Phone.Options.RingTimeout, () => GiveUp(new CallResult(CallOutcome.NoAnswer, 408, "nobody answered")));
        if (Search is { } search)
        {
            _ = LocateAsync(search, (SipUri)_uri);
        }
        else
        {
            Invite(Usable(_wanted ?? _path!.Version));
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
            OnEarlyRequest(transaction, early);
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

    private void Choose(IReadOnlyList<SignallingPath> paths)
    {
        _paths = paths;
        _path = paths.FirstOrDefault(p => p.Version == _wanted) ?? paths[0];
        Media.Towards = _path.Target.EndPoint.Address;
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

        Choose([.. targets.Select(target => new SignallingPath(target.ToTarget(), []))]);
        SignallingVersion = _path.Version;
        Enter(CallPhase.Calling, _path.Version);
        Invite(Usable(_wanted ?? _path.Version));
    }

    private IpVersion Usable(IpVersion version) => Media.Possible.Has(version) ? version : version.Other;

    private void Invite(IpVersion media)
    {
        Media.Towards = _path.Target.EndPoint.Address;
        _media = media;
        _tried |= media.AsSet;
        _early.Clear();
        if (Media.TryOffer(media, null) is not { } offer)
        {
            End(new CallResult(CallOutcome.Failed, 0, $"no {media.DisplayName} address or port for the media"));
            return;
        }

        if (Phone.Stack.FlowTowards(_path.Target) is not { } flow)
        {
            End(new CallResult(CallOutcome.Unreachable, 503, $"no {_path.Version.DisplayName} socket for {_path.Target.Transport.Token}"));
            return;
        }

        var request = Phone.Request(SipMethod.Invite, _uri)
            .From(PhoneContext.Identity(Account, flow).With("tag", LocalTag)).To(new NameAddr(_uri)).CallId(CallId).CSeq(++_sequence)
            .Contact(PhoneContext.Contact(Account, flow))
            .Header(HeaderName.Allow, PhoneContext.AllowedMethods)
            .Header(HeaderName.Supported, Phone.Options.FollowRedirects ? $"100rel, timer, {Redirection.OptionTag}" : "100rel, timer");
        foreach (var route in _path.Route)
        {
            request.Route(route);
        }

        SessionTimer.Ask(request, SessionTimer.Initial(Phone.Options), _minimumInterval);
        _invite = Phone.Stack.Send(request.Body(CallMedia.ContentType, offer).Build(), _path.Target, this);
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
            if (early.Acknowledge(response) is not { } acknowledgement)
            {
                return;
            }

            var prack = early.Dialog.NewRequest(SipMethod.Prack)
                .Header(HeaderName.UserAgent, Phone.Options.UserAgent).Header(HeaderName.RAck, acknowledgement);
            Phone.Stack.Send(prack.Build(), Phone.Resolve(early.Dialog.NextHop, _path.Target) ?? _path.Target, Unheard.Instance);
            early.IsAnswered |= !response.Body.IsEmpty;
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

        var session = new Session(this, dialog, _path.Target) { AnswersUpdate = response.Lists(HeaderName.Allow, "UPDATE") };
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
            _path = _path.Version == signalling ? _path : _paths.FirstOrDefault(p => p.Version == signalling && !_unreachable.Contains(p)) ?? _path;
            SignallingVersion = _path.Version;
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
        lock (_redirects)
        {
            _redirects.Add(version);
        }

        Enter(CallPhase.Redirected, version, status);
    }

    private void OnLost(ClientTransaction transaction, int status, string reason)
    {
        if (transaction != _invite || Session is not null || transaction.HasFinal)
        {
            return;
        }

        Media.Withdraw();
        _unreachable.Add(_path);
        if (!IsOver && status == 503 && _paths.FirstOrDefault(p => !_unreachable.Contains(p)) is { } other)
        {
            // This way is broken (RFC 3261 §8.1.3.1): the account has one by the other version, or the domain another server.
            _path = other;
            SignallingVersion = other.Version;
            Invite(Usable(other.Version));
            return;
        }

        End(new CallResult(CallOutcome.Unreachable, status, reason));
        SettleInvite();
    }

    /// <summary>A request of the called side before its final answer: only UPDATE means something then (RFC 3311).</summary>
    private static void OnEarlyRequest(ServerTransaction transaction, EarlyDialogs.Early early)
    {
        var request = transaction.Request.Message;
        if (early.Dialog.Receive(request) != DialogCheck.InOrder)
        {
            transaction.Respond(request.Answer(500, "CSeq out of order").Build());
        }
        else if (request.Method == SipMethod.Update)
        {
            // RFC 3311 §5.2: with an offer while ours is unanswered, 491; one after it would have to be answered twice, so later.
            transaction.Respond((request.Body.IsEmpty ? request.Answer(200) : request.Answer(early.IsAnswered ? 500 : 491).Header(HeaderName.RetryAfter, "2")).Build());
        }
        else
        {
            transaction.Respond((request.Method == SipMethod.Options ? Capabilities.Answer(request) : request.Answer(481)).Build());
        }
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
