// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net.Sockets;
using Isthmus.DualStack;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>Keeps one REGISTER conversation alive: one account, one signalling path, the Contacts of one version or of both. All of it runs on the
/// owner of its Call-ID, but for <see cref="State"/>, which anybody may read.</summary>
internal sealed class RegistrationAgent : IClientTransactionUser
{
    private readonly PhoneContext _phone;
    private readonly Account _account;
    private readonly IpVersions _contactVersions;
    private readonly string _callId = Identifiers.NewCallId();
    private readonly string _fromTag = Identifiers.NewTag();
    private readonly List<TaskCompletionSource<RegistrationState>> _waiting = [];
    private readonly IReadOnlyList<ServerAddress> _servers;
    private readonly Dictionary<IpVersion, NameAddr> _contacts = [];
    private volatile RegistrationState _state;
    private volatile IReadOnlyList<NameAddr> _serviceRoute = [];
    private ClientTransaction? _pending;
    private ConversationTimer? _timer;
    private TimeSpan _lifetime;
    private uint _sequence;
    private int _server;
    private int _failures;
    private bool _raisedLifetime;
    private bool _leaving;

    public RegistrationAgent(PhoneContext phone, Account account, IpVersion version, IpVersions contactVersions)
    {
        _phone = phone;
        _account = account;
        Version = version;
        _contactVersions = contactVersions;
        _servers = [.. account.Options.Servers.Where(s => s.Version == version)];
        _lifetime = account.Options.Expires;
        _state = new RegistrationState(version, RegistrationPhase.Idle) { Server = _servers.Count > 0 ? _servers[0] : null };
    }

    /// <summary>The version of the signalling path.</summary>
    public IpVersion Version { get; }

    /// <summary>Where it stands.</summary>
    public RegistrationState State => _state;

    /// <summary>The route that the registrar gave for outgoing requests (RFC 3608), often empty.</summary>
    public IReadOnlyList<NameAddr> ServiceRoute => _serviceRoute;

    /// <summary>Registers, or refreshes; done when the registrar has answered or the attempt has failed.</summary>
    public Task<RegistrationState> RegisterAsync() => StartRound(leaving: false);

    /// <summary>Takes the binding back; done when the registrar has answered or the attempt has failed.</summary>
    public Task<RegistrationState> UnregisterAsync() => StartRound(leaving: true);

    public void OnResponse(ClientTransaction transaction, SipResponse response)
    {
        if (transaction != _pending || response.IsProvisional)
        {
            return;
        }

        if (_leaving)
        {
            Leave(response.StatusCode, response.ReasonPhrase);
        }
        else if (response.IsSuccess)
        {
            Accept(response);
        }
        else if (response.StatusCode == 423 && response.MinExpires is { } seconds && seconds > _lifetime.TotalSeconds && !_raisedLifetime)
        {
            // RFC 3261 §10.2.8: again at once, with the lifetime the registrar insists on; a second 423 is a failure.
            _raisedLifetime = true;
            _lifetime = TimeSpan.FromSeconds(seconds);
            Send();
        }
        else
        {
            Fail(response.StatusCode, response.ReasonPhrase, RetryAfter.Of(response));
        }
    }

    public void OnTimeout(ClientTransaction transaction) => Lost(transaction, 408, "no answer");

    public void OnTransportError(ClientTransaction transaction, SocketError? error) => Lost(transaction, 503, error is { } e ? $"cannot be reached: {e}" : "cannot be reached");

    /// <summary>A connection broke: if it was the one to our registrar, it is registered over again (RFC 5626 §4.5), after a moment that differs from phone to phone.</summary>
    public void OnFlowClosed(Flow flow) => _phone.Stack.RunIn(_callId, () =>
    {
        if (_state is not { Phase: RegistrationPhase.Registered, Server: { } server } || !flow.Remote.Equals(server.EndPoint) || _pending is not null)
        {
            return;
        }

        _timer?.Cancel();
        var delay = TimeSpan.FromSeconds(2 * _phone.Chance());
        _timer = _phone.Stack.RunIn(_callId, delay, Send);
        Change(_state with
        {
            Phase = RegistrationPhase.Failed,
            Status = 503,
            Reason = "the connection was lost",
            NextAttempt = _phone.Time.GetUtcNow() + delay,
            Bound = IpVersions.None,
        });
    });

    /// <summary>Stops the timers; nothing is sent any more.</summary>
    public void Stop() => _phone.Stack.RunIn(_callId, () =>
    {
        _timer?.Cancel();
        Finish(_state);
    });

    private Task<RegistrationState> StartRound(bool leaving)
    {
        var done = new TaskCompletionSource<RegistrationState>(TaskCreationOptions.RunContinuationsAsynchronously);
        _phone.Stack.RunIn(_callId, () =>
        {
            if (leaving && _state.Phase is RegistrationPhase.Idle or RegistrationPhase.Unregistered)
            {
                done.SetResult(_state);
                return;
            }

            _waiting.Add(done);
            if (_pending is null || leaving != _leaving)
            {
                _leaving = leaving;
                Send();
            }
        });
        return done.Task;
    }

    private void Send()
    {
        _timer?.Cancel();
        if (_servers.Count == 0)
        {
            Fail(0, $"no {Version.DisplayName} server", null);
            return;
        }

        var server = _servers[_server % _servers.Count];
        var target = _phone.TargetOf(server);
        _contacts.Clear();
        foreach (var version in new[] { Version, Version.Other })
        {
            if (_contactVersions.Has(version) && _phone.ContactOf(_account, version, version == Version ? target : null) is { } contact)
            {
                _contacts[version] = contact.With("+sip.instance", $"<{_account.InstanceId}>");
            }
        }

        if (_contacts.Count == 0)
        {
            Fail(503, $"no local {Version.DisplayName} address", null);
            return;
        }

        if (!_leaving && _state.Phase != RegistrationPhase.Registered)
        {
            Change(_state with { Phase = RegistrationPhase.Registering, Server = server, NextAttempt = null });
        }

        var registrar = SipUri.Create(null, _account.Uri.HostPort);
        var self = new NameAddr(_account.Uri, _account.Options.DisplayName);
        var request = _phone.Request(SipMethod.Register, registrar)
            .From(self.With("tag", _fromTag)).To(self).CallId(_callId).CSeq(++_sequence)
            .Header(HeaderName.Supported, _phone.Options.Judge ? $"path, {Redirection.OptionTag}" : "path")
            .Header(HeaderName.Allow, PhoneContext.AllowedMethods)
            .Header(HeaderName.Expires, (_leaving ? 0 : (long)_lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        foreach (var contact in _contacts.Values)
        {
            request.Contact(contact);
        }

        _pending = _phone.Stack.Send(request.Build(), target, this);
    }

    private void Accept(SipResponse response)
    {
        var bound = IpVersions.None;
        var lifetime = TimeSpan.MaxValue;
        var byDefault = TimeSpan.FromSeconds(response.Expires ?? (int)_lifetime.TotalSeconds);
        foreach (var (version, own) in _contacts)
        {
            // A registrar that shows none of our Contacts as we wrote them (it may have rewritten them) has still accepted them.
            var held = response.Contacts.FirstOrDefault(c => c.SipUri is { } uri && uri.Equals(own.SipUri));
            var granted = held?.Expires is { } seconds ? TimeSpan.FromSeconds(seconds) : byDefault;
            if (granted > TimeSpan.Zero && (held is not null || !response.Contacts.Any(c => IsOwn(c))))
            {
                bound |= version.AsSet;
                lifetime = granted < lifetime ? granted : lifetime;
            }
        }

        if (bound == IpVersions.None)
        {
            Fail(response.StatusCode, "the registrar kept none of the Contacts", null);
            return;
        }

        (_failures, _raisedLifetime, _pending) = (0, false, null);
        _serviceRoute = ServiceRoutes(response);
        var refresh = RegistrationTimes.Refresh(lifetime, _phone.Chance());
        _timer = _phone.Stack.RunIn(_callId, refresh, Send);
        var now = _phone.Time.GetUtcNow();
        Finish(_state with
        {
            Phase = RegistrationPhase.Registered,
            Status = response.StatusCode,
            Reason = response.ReasonPhrase,
            Expires = now + lifetime,
            NextAttempt = now + refresh,
            Bound = bound,
        });
    }

    private bool IsOwn(NameAddr contact) => contact.SipUri is { } uri && _contacts.Values.Any(c => uri.Equals(c.SipUri));

    private static List<NameAddr> ServiceRoutes(SipResponse response)
    {
        var routes = new List<NameAddr>();
        foreach (var value in response.Values(HeaderName.ServiceRoute))
        {
            if (NameAddr.TryParse(value, out var route))
            {
                routes.Add(route);
            }
        }

        return routes;
    }

    private void Lost(ClientTransaction transaction, int status, string reason)
    {
        if (transaction != _pending)
        {
            return;
        }

        if (_leaving)
        {
            Leave(status, reason);
        }
        else
        {
            Fail(status, reason, null);
        }
    }

    private void Fail(int status, string reason, TimeSpan? retryAfter)
    {
        _pending = null;
        _failures++;
        _server++;
        _raisedLifetime = false;
        DateTimeOffset? next = null;
        if (_servers.Count > 0)
        {
            var othersStand = _account.Agents.Any(a => a != this && a.State.Phase == RegistrationPhase.Registered);
            var delay = RegistrationTimes.Retry(_failures, othersStand, _phone.Chance());
            delay = retryAfter > delay ? retryAfter.Value : delay;
            next = _phone.Time.GetUtcNow() + delay;
            _timer = _phone.Stack.RunIn(_callId, delay, Send);
        }

        Finish(_state with { Phase = RegistrationPhase.Failed, Status = status, Reason = reason, Expires = null, NextAttempt = next, Bound = IpVersions.None });
    }

    private void Leave(int status, string reason)
    {
        _pending = null;
        Finish(_state with { Phase = RegistrationPhase.Unregistered, Status = status, Reason = reason, Expires = null, NextAttempt = null, Bound = IpVersions.None });
    }

    private void Finish(RegistrationState state)
    {
        Change(state);
        foreach (var waiting in _waiting)
        {
            waiting.TrySetResult(state);
        }

        _waiting.Clear();
    }

    private void Change(RegistrationState state)
    {
        if (state != _state)
        {
            _state = state;
            _account.Changed(state);
            _phone.Publish(new RegistrationChanged(_account, state));
        }
    }
}
