// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>
/// One subscription from its first SUBSCRIBE to its end (RFC 6665 §4.1). The dialog is made by the first NOTIFY, which may come before the answer; of a forked
/// SUBSCRIBE one dialog is kept (RFC 3856 §6.9). Confined to the owner of its Call-ID.
/// </summary>
internal sealed class SubscriptionDialog : IClientTransactionUser, IDialogUsage
{
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(32);

    private readonly PhoneContext _phone;
    private readonly SubscriptionGoal _goal;
    private readonly Action<SubscriptionState> _changed;
    private readonly Action<SubscriptionEnd> _ended;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _wanted;
    private uint _sequence;
    private bool _raisedWanted;
    private Dialog? _dialog;
    private Dialog? _answered;
    private SignallingPath? _path;
    private ClientTransaction? _refresh;
    private ConversationTimer? _notifyTimer;
    private ConversationTimer? _refreshTimer;
    private ConversationTimer? _lastWordTimer;
    private DateTimeOffset? _expires;
    private DateTimeOffset? _refreshAt;
    private bool _leaving;
    private bool _unsubscribed;
    private bool _isOver;

    public SubscriptionDialog(PhoneContext phone, SubscriptionGoal goal, Action<SubscriptionState> changed, Action<SubscriptionEnd> ended) =>
        (_phone, _goal, _changed, _ended, _wanted) = (phone, goal, changed, ended, goal.Expires);

    public string CallId { get; } = Identifiers.NewCallId();

    public string LocalTag { get; } = Identifiers.NewTag();

    /// <summary>When it came to be.</summary>
    public DateTimeOffset? EstablishedAt { get; private set; }

    private bool IsFetch => _goal.Expires == TimeSpan.Zero;

    private DateTimeOffset Now => _phone.Time.GetUtcNow();

    private TimeSpan NotifyTime => _phone.Stack.Options.Times.Timeout;

    private Target NextHop => _phone.Resolve(_dialog!.NextHop, _path?.Target) ?? _path!.Target;

    public void Start() => _phone.Stack.RunIn(CallId, () =>
    {
        _phone.Usages.Add(this);
        _goal.Reader.Begin();
        _changed(new SubscriptionState(SubscriptionPhase.Subscribing));
        Subscribe();
    });

    /// <summary>Gives the subscription up; done when the notifier has said its last word, or does not answer. After an answer it is waited for as long as for a farewell.</summary>
    public Task LeaveAsync()
    {
        _phone.Stack.RunIn(CallId, () =>
        {
            if (!_isOver && !_leaving)
            {
                _leaving = true;
                _refreshTimer?.Cancel();
                Unsubscribe();
            }
        });
        return _left.Task;
    }

    /// <summary>A request with our tag.</summary>
    public void OnRequest(ServerTransaction transaction)
    {
        var request = transaction.Request.Message;
        if (request.Method != SipMethod.Notify)
        {
            transaction.Respond(request.Answer(405).Header(HeaderName.Allow, "NOTIFY").Build());
            return;
        }

        var (answer, state, fit) = Take(request);
        transaction.Respond(answer.Build());
        if (state is not null)
        {
            Notified(state, fit);
        }
    }

    public void OnResponse(ClientTransaction transaction, SipResponse response)
    {
        if (response.IsFinal)
        {
            OnRefreshed(transaction, new RequestAnswer(response.StatusCode, response.ReasonPhrase) { Response = response });
        }
    }

    public void OnTimeout(ClientTransaction transaction) => OnRefreshed(transaction, new RequestAnswer(408, "no answer"));

    public void OnTransportError(ClientTransaction transaction, SocketError? error) =>
        OnRefreshed(transaction, new RequestAnswer(503, error is { } e ? $"cannot be reached: {e}" : "cannot be reached"));

    private void Subscribe()
    {
        AwaitNotify();
        OutgoingRequest.Send(_phone, CallId, _goal.Uri, _goal.Account, _goal.Version, Compose, OnSubscribed);

        RequestBuilder Compose(SignallingPath path, Flow flow) => Complete(
            _phone.Request(SipMethod.Subscribe, _goal.Uri)
                .From(PhoneContext.Identity(_goal.Account, flow).With("tag", LocalTag)).To(new NameAddr(_goal.Uri)).CallId(CallId).CSeq(++_sequence),
            PhoneContext.Contact(_goal.Account, flow),
            _wanted);
    }

    private RequestBuilder Complete(RequestBuilder request, NameAddr contact, TimeSpan expires)
    {
        request.Contact(contact)
            .Header(HeaderName.Event, _goal.Reader.Package)
            .Header(HeaderName.Accept, _goal.Reader.Accept)
            .Header(HeaderName.Expires, ((long)expires.TotalSeconds).ToString(CultureInfo.InvariantCulture))
            .Header(HeaderName.Allow, PhoneContext.AllowedMethods);
        return _goal.Reader.Supported is { } supported ? request.Header(HeaderName.Supported, supported) : request;
    }

    private void OnSubscribed(RequestAnswer answer)
    {
        _path = answer.Path;
        if (_isOver)
        {
            return;
        }

        if (answer.IsSuccess)
        {
            Granted(answer.Response!);
            _answered = Dialog.FromResponse(answer.Request!, answer.Response!);
            if (_leaving)
            {
                _dialog ??= _answered;
                Unsubscribe();
            }
        }
        else if (_dialog is not null)
        {
            // A NOTIFY has made the subscription, whatever became of the answer.
        }
        else if (answer.Status == 423 && answer.Response!.MinExpires is { } seconds && seconds > _wanted.TotalSeconds && !_raisedWanted && !_leaving)
        {
            // RFC 6665 §4.1.2.1: again at once, for as long as the notifier insists on.
            (_raisedWanted, _wanted) = (true, TimeSpan.FromSeconds(seconds));
            Subscribe();
        }
        else
        {
            End(SubscriptionEnd.Of(answer));
        }
    }

    /// <summary>The answer to a notification, and what it says where that is news.</summary>
    private (ResponseBuilder Answer, NotifiedState? State, NotificationFit Fit) Take(SipRequest notify)
    {
        if (_isOver || (_dialog is not null && _dialog.Id.RemoteTag != notify.From.Tag))
        {
            return (notify.Answer(481), null, default);
        }

        if (notify.Text(HeaderName.Event)?.Split(';')[0].Trim() != _goal.Reader.Package)
        {
            return (notify.Answer(489).Header(HeaderName.AllowEvents, _goal.Reader.Package), null, default);
        }

        if (NotifiedState.Of(notify) is not { } state)
        {
            return (notify.Answer(400, "Subscription-State missing"), null, default);
        }

        // linphone sometimes says only in its answer where it is.
        if ((_dialog ?? Dialog.FromNotify(notify, _sequence) ?? (_answered?.Id.RemoteTag == notify.From.Tag ? _answered : null)) is not { } dialog)
        {
            return (notify.Answer(400, "Contact missing"), null, default);
        }

        _dialog = dialog;
        if (notify.CSeqNumber < dialog.RemoteCSeq)
        {
            return (notify.Answer(500, "CSeq out of order"), null, default); // RFC 3261 §12.2.2
        }

        if (notify.CSeqNumber == dialog.RemoteCSeq)
        {
            return (notify.Answer(200), null, default); // the same one, in another transaction
        }

        dialog.Receive(notify);
        EstablishedAt ??= Now;
        _notifyTimer?.Cancel();
        var fit = notify.Body.IsEmpty ? NotificationFit.Read : _goal.Reader.Read(notify);
        if (fit == NotificationFit.WrongType)
        {
            return (notify.Answer(415).Header(HeaderName.Accept, _goal.Reader.Accept), null, default);
        }

        return (notify.Answer(200), state, fit);
    }

    private void Notified(NotifiedState state, NotificationFit fit)
    {
        if (state.IsTerminated)
        {
            End(IsFetch || _leaving ? new SubscriptionEnd(SubscriptionRetry.Never, 200, "") : SubscriptionEnd.Of(state));
            return;
        }

        if (_leaving)
        {
            Unsubscribe();
            return;
        }

        if (state.Expires is { } expires)
        {
            ExpireIn(expires);
        }

        _changed(new SubscriptionState(state.IsPending ? SubscriptionPhase.Pending : SubscriptionPhase.Active) { Status = 200, Expires = _expires });
        if (fit == NotificationFit.Gap)
        {
            Refresh(); // RFC 4662 §5.5: a refresh brings the whole state
        }
    }

    private void Granted(SipResponse success)
    {
        var lifetime = TimeSpan.FromSeconds(Math.Min(success.Expires ?? (int)_wanted.TotalSeconds, (int)Math.Max(_wanted.TotalSeconds, 1)));
        if (lifetime > TimeSpan.Zero && !_leaving)
        {
            _refreshAt = null;
            ExpireIn(lifetime);
        }
    }

    /// <summary>What the notifier said last counts; a refresh that is planned is not put off by it.</summary>
    private void ExpireIn(TimeSpan lifetime)
    {
        var now = Now;
        _expires = now + lifetime;
        var at = now + RegistrationTimes.Refresh(lifetime, _phone.Chance());
        if (_refreshAt is not { } planned || at < planned)
        {
            RefreshAt(at);
        }
    }

    private void RefreshAt(DateTimeOffset at)
    {
        _refreshTimer?.Cancel();
        _refreshAt = at;
        _refreshTimer = _phone.Stack.RunIn(CallId, at - Now, Refresh);
    }

    private void Refresh()
    {
        if (_isOver || _leaving || IsFetch || _refresh is not null)
        {
            return;
        }

        if (_dialog is null || _path is null)
        {
            RefreshAt(Now + TimeSpan.FromSeconds(1)); // the first request has no answer yet: Timer N ends that, or the answer does
            return;
        }

        _refreshTimer?.Cancel();
        _refreshAt = null;
        AwaitNotify();
        _refresh = SendInDialog(_wanted);
    }

    private ClientTransaction SendInDialog(TimeSpan expires)
    {
        var target = NextHop;
        var contact = _phone.Stack.FlowTowards(target) is { } flow ? PhoneContext.Contact(_goal.Account, flow) : _dialog!.Local;
        var request = _dialog!.NewRequest(SipMethod.Subscribe).Header(HeaderName.UserAgent, _phone.Options.UserAgent);
        return _phone.Stack.Send(Complete(request, contact, expires).Build(), target, this);
    }

    private void OnRefreshed(ClientTransaction transaction, RequestAnswer answer)
    {
        if (transaction != _refresh)
        {
            return;
        }

        _refresh = null;
        if (_leaving)
        {
            if (!answer.IsSuccess)
            {
                End(new SubscriptionEnd(SubscriptionRetry.Never, answer.Status, answer.Reason));
            }
            else if (!_isOver)
            {
                _lastWordTimer = _phone.Stack.RunIn(CallId, _phone.Options.Farewell, () => _left.TrySetResult());
            }
        }
        else if (answer.IsSuccess)
        {
            _dialog!.RefreshTarget(answer.Response!);
            Granted(answer.Response!);
        }
        else if (answer.Status is 404 or 405 or 410 or 416 or (>= 480 and <= 485) or 489 or 501 or 604)
        {
            End(SubscriptionEnd.Of(answer)); // RFC 6665 §4.1.2.2: these end it
        }
        else if (answer.Status == 423 && answer.Response!.MinExpires is { } seconds && seconds > _wanted.TotalSeconds && !_raisedWanted)
        {
            (_raisedWanted, _wanted) = (true, TimeSpan.FromSeconds(seconds));
            Refresh();
        }
        else if (_expires - Now > SoonAgain)
        {
            _notifyTimer?.Cancel(); // and with others it lives on for the time that is known
            RefreshAt(Now + (SoonAgain * (0.5 + (_phone.Chance() / 2))));
        }
        else
        {
            End(SubscriptionEnd.Of(answer) with { Retry = SubscriptionRetry.Later });
        }
    }

    private void Unsubscribe()
    {
        // Where there is nothing to take back yet, the first answer or NOTIFY comes here again, or Timer N ends it.
        if (_dialog is not null && _path is not null && !_unsubscribed)
        {
            _unsubscribed = true;
            AwaitNotify();
            _refresh = SendInDialog(TimeSpan.Zero);
        }
    }

    // Timer N (RFC 6665 §4.1.2.4)
    private void AwaitNotify()
    {
        _notifyTimer?.Cancel();
        _notifyTimer = _phone.Stack.RunIn(CallId, NotifyTime, () => End(new SubscriptionEnd(SubscriptionRetry.Later, 408, "no notification came")));
    }

    private void End(SubscriptionEnd end)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _notifyTimer?.Cancel();
        _refreshTimer?.Cancel();
        _lastWordTimer?.Cancel();
        _dialog?.Terminate();
        _phone.Usages.Remove(this);
        _left.TrySetResult();
        _ended(end);
    }
}
