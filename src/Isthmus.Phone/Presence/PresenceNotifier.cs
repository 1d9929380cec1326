// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Bodies;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>Tells those who subscribe to this phone itself how its user is to be seen (RFC 3856 §7.1): where there is no presence server, or none that would know.</summary>
internal sealed class PresenceNotifier(PhoneContext phone)
{
    public const string Package = "presence";

    /// <summary>Watchers at a time; a further one hears 480 and may try later.</summary>
    public const int Most = 64;

    private const int ShortestSeconds = 60;
    private const int LongestSeconds = 3600;
    private const int UsualSeconds = 3600; // RFC 3856 §6.4
    private const string TryAgainSeconds = "60";

    private volatile PhonePresence _own = new(Availability.Online);
    private int _watchers;

    /// <summary>How the user is to be seen.</summary>
    public PhonePresence Own
    {
        get => _own;
        set
        {
            _own = value;
            Refresh();
        }
    }

    private IEnumerable<WatcherDialog> Watchers => phone.Usages.All.OfType<WatcherDialog>();

    /// <summary>A SUBSCRIBE outside of a dialog (RFC 6665 §4.2.1).</summary>
    public void OnSubscribe(ServerTransaction transaction)
    {
        var request = transaction.Request.Message;
        var (tag, account) = (Identifiers.NewTag(), phone.Called(request));
        if (Refusal(request, account, tag) is { } refusal)
        {
            transaction.Respond(refusal.Build());
            return;
        }

        if (Lifetime(request) is not { } lifetime)
        {
            transaction.Respond(TooBrief(request, tag).Build());
            return;
        }

        if (Interlocked.Increment(ref _watchers) > Most)
        {
            Interlocked.Decrement(ref _watchers);
            transaction.Respond(request.Answer(480, null, tag).Header(HeaderName.RetryAfter, TryAgainSeconds).Build());
            return;
        }

        if (Dialog.FromRequest(request, tag) is not { } dialog)
        {
            Interlocked.Decrement(ref _watchers);
            transaction.Respond(request.Answer(400, "Contact missing", tag).Build());
            return;
        }

        var watcher = new WatcherDialog(phone, this, account, dialog, transaction.Flow, () => Interlocked.Decrement(ref _watchers));
        phone.Usages.Add(watcher);
        watcher.Accept(transaction, lifetime);
    }

    /// <summary>Something may have changed: a call, or what the user says.</summary>
    public void Refresh()
    {
        foreach (var watcher in Watchers)
        {
            phone.Stack.RunIn(watcher.CallId, watcher.Refresh);
        }
    }

    /// <summary>Says goodbye to all; each done when its watcher has answered, or does not.</summary>
    public IEnumerable<Task> LeaveAll() => Watchers.Select(watcher => watcher.LeaveAsync());

    /// <summary>For how long a SUBSCRIBE is granted, zero for once; null: too short (RFC 6665 §4.2.1.1).</summary>
    public static TimeSpan? Lifetime(SipRequest subscribe) => (subscribe.Expires ?? UsualSeconds) switch
    {
        0 => TimeSpan.Zero,
        < ShortestSeconds => null,
        var seconds => TimeSpan.FromSeconds(Math.Min(seconds, LongestSeconds)),
    };

    /// <summary>The answer that refuses an interval.</summary>
    public static ResponseBuilder TooBrief(SipRequest subscribe, string? tag = null) =>
        subscribe.Answer(423, null, tag).Header(HeaderName.MinExpires, ShortestSeconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>What is told now.</summary>
    public PresenceDocument Document(Account? account, NameAddr contact, bool isLeaving)
    {
        var isTalking = phone.Calls.Legs.Any(leg => !leg.IsOver && leg.Call.State.Phase is CallPhase.Established or CallPhase.Held);
        var availability = isLeaving ? Availability.Offline : _own.Availability == Availability.Online && isTalking ? Availability.OnThePhone : _own.Availability;
        return PresenceDocument.Of((account?.Uri ?? contact.Uri).ToString()!, availability, isLeaving ? null : _own.Note, contact.Uri.ToString());
    }

    private ResponseBuilder? Refusal(SipRequest request, Account? account, string tag)
    {
        if (!phone.Options.TellPresence)
        {
            return request.Answer(480, null, tag);
        }

        if (request.Text(HeaderName.Event)?.Split(';')[0].Trim() != Package)
        {
            return request.Answer(489, null, tag).Header(HeaderName.AllowEvents, Package);
        }

        if (request.RequestUri is OtherUri || request.RequestSipUri is { IsSecure: true })
        {
            return request.Answer(416, null, tag);
        }

        if (account is null && phone.Accounts.Count > 0 && request.RequestSipUri?.User is not null)
        {
            return request.Answer(404, null, tag);
        }

        var accepted = request.Values(HeaderName.Accept).Select(type => type.Split(';')[0].Trim().ToLowerInvariant()).ToList();
        return accepted.Count == 0 || accepted.Contains(PresenceDocument.ContentType) || accepted.Contains("application/*") || accepted.Contains("*/*")
            ? null
            : request.Answer(406, null, tag);
    }
}
