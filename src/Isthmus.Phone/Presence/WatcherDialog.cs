// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net.Sockets;
using Isthmus.Bodies;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>Somebody who watches this phone (RFC 6665 §4.2): one NOTIFY at a time, the latest state wins. Confined to the owner of its Call-ID.</summary>
internal sealed class WatcherDialog(PhoneContext phone, PresenceNotifier notifier, Account? account, Dialog dialog, Flow flow, Action gone) : IDialogUsage, IClientTransactionUser
{
    /// <summary>Changes are told no more often (RFC 3856 §6.10).</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Target _path = Target.Of(flow);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConversationTimer? _expiry;
    private ConversationTimer? _pause;
    private ClientTransaction? _notify;
    private DateTimeOffset _expires;
    private DateTimeOffset _told;
    private byte[] _last = [];
    private string? _reason;
    private bool _isDue;
    private bool _isOver;

    public string CallId => dialog.Id.CallId;

    public string LocalTag => dialog.Id.LocalTag;

    private DateTimeOffset Now => phone.Time.GetUtcNow();

    private Target NextHop => phone.Resolve(dialog.NextHop, _path) ?? _path;

    private NameAddr Contact => phone.Stack.FlowTowards(NextHop) is { } towards ? PhoneContext.Contact(account, towards) : PhoneContext.Contact(account, flow);

    /// <summary>Answers a SUBSCRIBE, and tells at once how things stand.</summary>
    public void Accept(ServerTransaction subscribe, TimeSpan lifetime)
    {
        dialog.Confirm();
        _expires = Now + lifetime;
        _expiry?.Cancel();
        if (lifetime == TimeSpan.Zero)
        {
            _reason = "timeout"; // taken back, or asked for once (RFC 6665 §4.4.3)
        }
        else
        {
            _expiry = phone.Stack.RunIn(CallId, lifetime, () => Finish("timeout"));
        }

        subscribe.Respond(subscribe.Request.Message.Answer(200, null, LocalTag).CopyRecordRoutes()
            .Contact(PhoneContext.Contact(account, subscribe.Flow))
            .Header(HeaderName.Expires, ((long)lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture))
            .Build());
        Tell();
    }

    public void OnRequest(ServerTransaction transaction)
    {
        var request = transaction.Request.Message;
        if (_isOver || _reason is not null)
        {
            transaction.Respond(request.Answer(481).Build());
        }
        else if (request.Method != SipMethod.Subscribe)
        {
            transaction.Respond(request.Answer(405).Header(HeaderName.Allow, "SUBSCRIBE").Build());
        }
        else if (dialog.Receive(request) == DialogCheck.OutOfOrder)
        {
            transaction.Respond(request.Answer(500, "CSeq out of order").Build());
        }
        else if (PresenceNotifier.Lifetime(request) is { } lifetime)
        {
            Accept(transaction, lifetime);
        }
        else
        {
            transaction.Respond(PresenceNotifier.TooBrief(request).Build());
        }
    }

    /// <summary>Tells what has changed, if that is news.</summary>
    public void Refresh()
    {
        if (_isOver || _reason is not null || Document().AsSpan().SequenceEqual(_last))
        {
            return;
        }

        if (_told + Pause - Now is { Ticks: > 0 } wait)
        {
            _pause?.Cancel();
            _pause = phone.Stack.RunIn(CallId, wait, Refresh);
        }
        else
        {
            Tell();
        }
    }

    /// <summary>The phone goes: the watcher may try later.</summary>
    public Task LeaveAsync()
    {
        phone.Stack.RunIn(CallId, () => Finish("probation;retry-after=60"));
        return _left.Task;
    }

    public void OnResponse(ClientTransaction transaction, SipResponse response)
    {
        if (response.IsFinal)
        {
            Told(transaction, response.IsSuccess);
        }
    }

    public void OnTimeout(ClientTransaction transaction) => Told(transaction, false);

    public void OnTransportError(ClientTransaction transaction, SocketError? error) => Told(transaction, false);

    private byte[] Document() => notifier.Document(account, Contact, isLeaving: _reason?.StartsWith("probation", StringComparison.Ordinal) == true).ToBytes();

    private void Finish(string reason)
    {
        if (!_isOver && _reason is null)
        {
            _reason = reason;
            Tell();
        }
    }

    private void Tell()
    {
        if (_notify is not null)
        {
            _isDue = true; // after the answer to the one that is on its way
            return;
        }

        _isDue = false;
        _pause?.Cancel();
        _told = Now;
        _last = Document();
        var remaining = (long)Math.Ceiling(Math.Max(0, (_expires - _told).TotalSeconds));
        _notify = phone.Stack.Send(
            dialog.NewRequest(SipMethod.Notify)
                .Header(HeaderName.UserAgent, phone.Options.UserAgent)
                .Contact(Contact)
                .Header(HeaderName.Event, PresenceNotifier.Package)
                .Header(HeaderName.SubscriptionState, _reason is null ? string.Create(CultureInfo.InvariantCulture, $"active;expires={remaining}") : $"terminated;reason={_reason}")
                .Body(PresenceDocument.ContentType, _last)
                .Build(),
            NextHop,
            this,
            tag: _reason);
    }

    private void Told(ClientTransaction transaction, bool isSuccess)
    {
        if (transaction != _notify)
        {
            return;
        }

        _notify = null;
        if (!isSuccess || transaction.Tag is not null)
        {
            End(); // RFC 6665 §4.2.2: who does not take a notification has no subscription; and that was the last one
        }
        else if (_isDue)
        {
            Tell();
        }
    }

    private void End()
    {
        if (!_isOver)
        {
            _isOver = true;
            _expiry?.Cancel();
            _pause?.Cancel();
            dialog.Terminate();
            phone.Usages.Remove(this);
            gone();
            _left.TrySetResult();
        }
    }
}
