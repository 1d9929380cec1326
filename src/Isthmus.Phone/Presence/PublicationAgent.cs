// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Bodies;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>Keeps one publication alive (RFC 3903 §4): one PUBLISH at a time, the newest state wins. Confined to the owner of its Call-ID.</summary>
internal sealed class PublicationAgent
{
    private readonly PhoneContext _phone;
    private readonly Account _account;
    private readonly PublishOptions _options;
    private readonly Action<PublicationState> _changed;
    private readonly string _callId = Identifiers.NewCallId();
    private readonly string _tag = Identifiers.NewTag();
    private readonly TaskCompletionSource _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PublicationState _state = new(PublicationPhase.Publishing, Availability.Offline);
    private TimeSpan _lifetime;
    private ConversationTimer? _timer;
    private uint _sequence;
    private int _failures;
    private bool _isOnItsWay;
    private bool _isNews;
    private bool _raisedLifetime;
    private bool _leaving;

    public PublicationAgent(PhoneContext phone, Account account, PublishOptions options, Action<PublicationState> changed)
    {
        (_phone, _account, _options, _changed, _lifetime) = (phone, account, options, changed, options.Expires);
        _state = _state with { EntityTag = options.EntityTag };
    }

    /// <summary>Publishes a state in the place of the last one.</summary>
    public void Publish(Availability availability, string? note) => _phone.Stack.RunIn(_callId, () =>
    {
        if (_state.Phase != PublicationPhase.Ended && !_leaving)
        {
            _isNews = true;
            Change(_state with { Phase = PublicationPhase.Publishing, Availability = availability, Note = note });
            Send();
        }
    });

    /// <summary>It is not refreshed any more.</summary>
    public void Leave() => _phone.Stack.RunIn(_callId, () =>
    {
        _timer?.Cancel();
        _removed.TrySetResult();
        if (_state.Phase != PublicationPhase.Ended)
        {
            Change(_state with { Phase = PublicationPhase.Ended, NextAttempt = null });
        }
    });

    /// <summary>Removes it (RFC 3903 §4.5).</summary>
    public Task RemoveAsync()
    {
        _phone.Stack.RunIn(_callId, () =>
        {
            _leaving = true;
            Send();
        });
        return _removed.Task;
    }

    private void Send()
    {
        if (_isOnItsWay || _state.Phase == PublicationPhase.Ended)
        {
            return; // the answer to the one that is on its way comes back here
        }

        _timer?.Cancel();
        if (_leaving && _state.EntityTag is null)
        {
            End(_state.Status, _state.Reason);
            return;
        }

        _isOnItsWay = true;
        var hasBody = !_leaving && (_isNews || _state.EntityTag is null);
        _isNews = false;
        OutgoingRequest.Send(_phone, _callId, _account.Uri, _account, _options.Version, (_, flow) => Compose(flow, hasBody), OnAnswer);
    }

    private RequestBuilder Compose(Flow flow, bool hasBody)
    {
        var request = _phone.Request(SipMethod.Publish, _account.Uri)
            .From(PhoneContext.Identity(_account, flow).With("tag", _tag)).To(new NameAddr(_account.Uri)).CallId(_callId).CSeq(++_sequence)
            .Header(HeaderName.Event, "presence")
            .Header(HeaderName.Expires, (_leaving ? 0 : (long)_lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        if (_state.EntityTag is { } tag)
        {
            request.Header(HeaderName.SipIfMatch, tag);
        }

        return hasBody ? request.Body(PresenceDocument.ContentType, Document(flow).ToBytes()) : request;
    }

    private PresenceDocument Document(Flow flow) => PresenceDocument.Of(
        _account.Uri.ToString(), _state.Availability, _state.Note, PhoneContext.Contact(_account, flow).Uri.ToString(), _phone.Time.GetUtcNow());

    private void OnAnswer(RequestAnswer answer)
    {
        _isOnItsWay = false;
        if (_state.Phase == PublicationPhase.Ended)
        {
            return; // left meanwhile
        }

        if (answer.Response is { IsSuccess: true } success)
        {
            Accept(success);
        }
        else if (answer.Status == 412 && _state.EntityTag is not null)
        {
            // RFC 3903 §4.1: the server has forgotten it; it is made anew, with all that it says.
            _state = _state with { EntityTag = null, Expires = null };
            Send();
        }
        else if (answer.Status == 423 && answer.Response!.MinExpires is { } seconds && seconds > _lifetime.TotalSeconds && !_raisedLifetime && !_leaving)
        {
            (_raisedLifetime, _isNews, _lifetime) = (true, true, TimeSpan.FromSeconds(seconds));
            Send();
        }
        else if (_leaving || SubscriptionEnd.Of(answer).Retry == SubscriptionRetry.Never)
        {
            End(answer.Status, answer.Reason);
        }
        else
        {
            Retry(answer);
        }
    }

    private void Accept(SipResponse success)
    {
        (_failures, _raisedLifetime) = (0, false);
        var lifetime = TimeSpan.FromSeconds(success.Expires ?? (int)_lifetime.TotalSeconds);
        var now = _phone.Time.GetUtcNow();
        if (_leaving)
        {
            _state = _state with { EntityTag = null, Expires = null };
            End(success.StatusCode, success.ReasonPhrase);
            return;
        }

        var refresh = RegistrationTimes.Refresh(lifetime, _phone.Chance());
        Change(_state with
        {
            Phase = _isNews ? PublicationPhase.Publishing : PublicationPhase.Published,
            Status = success.StatusCode,
            Reason = success.ReasonPhrase,
            EntityTag = success.Text(HeaderName.SipETag),
            Expires = now + lifetime,
            NextAttempt = now + refresh,
        });
        if (_isNews)
        {
            Send();
        }
        else
        {
            _timer = _phone.Stack.RunIn(_callId, refresh, Send);
        }
    }

    private void Retry(RequestAnswer answer)
    {
        _failures++;
        _isNews = true;
        var delay = RegistrationTimes.Retry(_failures - 1, othersStand: false, _phone.Chance());
        delay = answer.Response is { } response && RetryAfter.Of(response) is { } asked && asked > delay ? asked : delay;
        _timer = _phone.Stack.RunIn(_callId, delay, Send);
        Change(_state with { Phase = PublicationPhase.Waiting, Status = answer.Status, Reason = answer.Reason, NextAttempt = _phone.Time.GetUtcNow() + delay });
    }

    private void End(int status, string reason)
    {
        _timer?.Cancel();
        Change(_state with { Phase = PublicationPhase.Ended, Status = status, Reason = reason, NextAttempt = null });
        _removed.TrySetResult();
    }

    private void Change(PublicationState state)
    {
        _state = state;
        _changed(state);
    }
}
