// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Proxy;
using Isthmus.Server.Storing;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Messaging;

/// <summary>
/// Keeps messages for users who are not there (RFC 3428 §7) and delivers them when they are, those of one sender to one user one after the other
/// (docs/decisions/0051). What waits, <see cref="Mailboxes"/> knows; this brings it into the store, to the devices and out of the store again.
/// </summary>
internal sealed class Mailroom : IRequestKeeper, ILocationObserver, IWaitingMessages
{
    /// <summary>The hops that a delivered message may take.</summary>
    public const int MaxForwards = 70;

    // Of the transactions that there may be, deliveries take a tenth at most.
    private const int PartOfTransactions = 10;

    // What could not be written is written again after that.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // A request that was forwarded may be answered until shortly before then (RFC 3261 §17.1.2.2, Timer F).
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(33);

    private readonly Domains _domains;
    private readonly StoreWriter _writer;
    private readonly MessageOptions _options;
    private readonly ILogger _logger;
    private readonly FormerUsers? _users; // where nothing outlives this run, the location service knows them
    private readonly Lock _timerLock = new();
    private WheelTimer? _timer;
    private long _timerDue = long.MaxValue;
    private bool _isClosed = true;

    /// <param name="writer">Where messages are kept.</param>
    /// <param name="stack">By which they are delivered.</param>
    /// <param name="domains">Which addresses-of-record are ours.</param>
    /// <param name="location">Where the users are.</param>
    /// <param name="options">What the user configured.</param>
    /// <param name="secret">The secret of the store.</param>
    /// <param name="logger">The log.</param>
    public Mailroom(StoreWriter writer, SipStack stack, Domains domains, ILocationService location, ServerOptions options, ReadOnlyMemory<byte> secret, ILogger<Mailroom> logger)
    {
        (_writer, Stack, _domains, Location, _options, _logger) = (writer, stack, domains, location, options.Messages, logger);
        (Keys, Marks) = (new MessageKeys(secret), new RouteMarks(secret));
        Boxes = new Mailboxes(options.Messages, Keys, Math.Max(1, options.Limits.Transactions / PartOfTransactions));
        Targets = new ProxyTargets(stack, new TargetHealth(new TargetHealthOptions(), stack.Time));
        MostBranches = options.Limits.Branches;
        _users = writer.IsDurable ? new FormerUsers(writer, options.Limits.Bindings) : null;
    }

    /// <summary>What waits.</summary>
    public Mailboxes Boxes { get; }

    /// <summary>How many messages wait.</summary>
    public int Count => Boxes.Count;

    /// <summary>What has happened.</summary>
    public MessageCounters Counters { get; } = new();

    /// <summary>The numbers of messages.</summary>
    public MessageKeys Keys { get; }

    /// <summary>The marks by which a loop is known: a delivery has that of the request.</summary>
    public RouteMarks Marks { get; }

    /// <summary>By which they are delivered.</summary>
    public SipStack Stack { get; }

    /// <summary>Where the users are.</summary>
    public ILocationService Location { get; }

    /// <summary>The ways to their devices.</summary>
    public ProxyTargets Targets { get; }

    /// <summary>How many devices of a user are tried.</summary>
    public int MostBranches { get; }

    /// <summary>What is stored was read before, and is as long as it is.</summary>
    public ParserLimits AnySize { get; } = new() { MaxHeaderBytes = int.MaxValue / 4, MaxBodyBytes = int.MaxValue / 4, MaxHeaders = ushort.MaxValue };

    /// <summary>How long a device may be silent before others are not to wait for it.</summary>
    public TimeSpan AnswerTime => _options.AnswerTime;

    /// <summary><see cref="MessageOptions.Witness"/>.</summary>
    public Action<MessageMoment>? Witness => _options.Witness;

    /// <summary>The time, in milliseconds since 1970.</summary>
    public long Now => Stack.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Reads what an earlier run left; before the writer starts.</summary>
    public void Load()
    {
        _users?.Load();
        foreach ((StoredMessage message, long? over) in MessageTable.All(_writer.Store))
        {
            Boxes.Load(message, over);
        }

        if (Boxes.Count > 0)
        {
            MessageLog.Loaded(_logger, Boxes.Count);
        }
    }

    /// <summary>The stack is started: what waits may go.</summary>
    public void Start()
    {
        _isClosed = false;
        SetTimer();
    }

    /// <summary>Begins no further delivery.</summary>
    public void Close()
    {
        lock (_timerLock)
        {
            _isClosed = true;
            _timer?.Cancel();
        }
    }

    public int CountFor(string aor) => Boxes.CountFor(aor);

    public void Observe(Action<string> changed) => Boxes.Changed += changed;

    public TimeSpan? PatienceFor(RequestContext context)
    {
        if (!IsToBeKept(context) || !IsOfInterest(context.Request))
        {
            return null;
        }

        foreach (Device device in context.Devices)
        {
            if (!device.IsAway)
            {
                return _options.AnswerTime;
            }
        }

        return null; // his messages are for the server of the other domain to keep
    }

    public ulong BranchOf(RequestContext context, Device device) => Keys.BranchOf(device.Aor, context.Received, device.Id, 0);

    public bool IsAbsence(int status) => Reaction.To(status) == Reaction.Absent;

    public bool TryTake(RequestContext context, ReadOnlySpan<byte> aor) => IsToBeKept(context) && TryTake(context, Encoding.UTF8.GetString(aor));

    public bool TryKeep(RequestContext context, bool mayArriveYet, IKeepingUser user) => IsOfInterest(context.Request) && Keep(
        context, context.Devices[0].Aor, mayArriveYet ? Now + (long)(LongestAnswer - _options.AnswerTime).TotalMilliseconds : 0, wasAnswered: !mayArriveYet, user);

    /// <summary>Takes a message for a user who is there, if it must not overtake others of its sender, or has come before.</summary>
    public bool TryTakeInTurn(RequestContext context)
    {
        if (Boxes.AreEmpty || !IsToBeKept(context))
        {
            return false;
        }

        string aor = context.Devices[0].Aor;
        return Boxes.Concerns(aor, IncomingMessage.SenderOf(context.Request, _domains), KeyOf(context.Request, aor)) && TryTake(context, aor);
    }

    public void Arrived(object kept)
    {
        var message = (StoredMessage)kept;
        if (Boxes.TryEnd(message))
        {
            End(new EndingMessage(this, message, MessageEnd.Delivered, null, Witness));
        }
    }

    void ILocationObserver.Changed(AddressOfRecord aor, Binding[] before)
    {
        if (aor.Bindings.Length == 0 && _users is not null)
        {
            _users.Left(aor.Aor);
        }
        else if (Boxes.Count > 0 && aor.Bindings.Length > 0 && Boxes.Call(aor.Aor, [.. aor.Bindings.Select(binding => binding.DeviceId)], Now))
        {
            SetTimer();
        }
    }

    void ILocationObserver.Renewed(Binding binding)
    {
        if (Boxes.Count > 0 && Boxes.Refresh(binding.Aor, binding.DeviceId, Now))
        {
            SetTimer();
        }
    }

    /// <summary>A message is on the disk, or will not be.</summary>
    public void Stored(StoredMessage message, bool isStored)
    {
        Boxes.Stored(message, isStored, Now);
        if (isStored)
        {
            Counters.CountKept();
            MessageLog.Kept(_logger, message.Sender, message.Aor);
            SetTimer();
        }
        else
        {
            Counters.CountNotKept();
        }
    }

    /// <summary>A message that was on its way was taken, and these devices were silent.</summary>
    public void Delivered(StoredMessage message, IEnumerable<string> silent)
    {
        Witness?.Invoke(MessageMoment.Answered);
        Boxes.Delivered(message, silent);
        End(new EndingMessage(this, message, MessageEnd.Delivered, null, Witness));
    }

    /// <summary>A message that was on its way was not taken.</summary>
    public void NotNow(StoredMessage message, DeliveryOutcome outcome)
    {
        if (Boxes.TryWaitAgain(message, outcome, Now))
        {
            MessageLog.NotNow(_logger, message.Sender, message.Aor, outcome.Said);
            if (outcome.IsAnswered)
            {
                _writer.TryPost(new StoreNote(store => MessageTable.SetRefusals(store, message.Id, message.Refusals)));
            }

            SetTimer();
        }
        else
        {
            End(new EndingMessage(this, message, MessageEnd.Expired, outcome.Said, Witness));
        }
    }

    /// <summary>A message that was on its way can never be delivered.</summary>
    public void GiveUp(StoredMessage message, string why)
    {
        Boxes.GiveUp(message);
        End(new EndingMessage(this, message, MessageEnd.Refused, why, Witness));
    }

    /// <summary>The store knows that a message is over.</summary>
    public void Ended(EndingMessage ending)
    {
        StoredMessage message = ending.Message;
        Boxes.Ended(message, Now);
        Counters.Count(ending.End);
        if (ending.Why is { } why)
        {
            MessageLog.GivenUp(_logger, message.Sender, message.Aor, why);
        }
        else
        {
            MessageLog.Delivered(_logger, message.Sender, message.Aor, (Now - message.Received) / 1000);
        }

        SetTimer();
    }

    /// <summary>The store could not be told that a message is over: until it is, its sender's next ones wait.</summary>
    public void EndLater(EndingMessage ending)
    {
        if (!Volatile.Read(ref _isClosed))
        {
            Stack.Timers.Schedule(Pause, _ => End(ending), null);
        }
    }

    private bool IsToBeKept(RequestContext context) => _options.Store && IncomingMessage.IsToBeKept(context);

    private bool IsOfInterest(SipRequest request) => IncomingMessage.IsOfInterestLater(request) && IncomingMessage.ExpiryOf(request, Stack.Time.GetUtcNow(), _options.Expires) > Now;

    private ulong KeyOf(SipRequest request, string aor) => Keys.Of(aor, request.CallId, request.CSeqNumber, IncomingMessage.FromTagOf(request));

    private bool TryTake(RequestContext context, string aor)
    {
        if (!IsOfInterest(context.Request))
        {
            return false;
        }

        var kept = new KeptRequest(context);
        return Keep(context, aor, 0, wasAnswered: false, kept);
    }

    private bool Keep(RequestContext context, string aor, long notBefore, bool wasAnswered, IKeepingUser user)
    {
        SipRequest request = context.Request;
        KeepOutcome outcome = Boxes.Take(KeyOf(request, aor), id => MessageOf(request, aor, id, notBefore, wasAnswered), out StoredMessage? message, out bool isNew);
        if (outcome != KeepOutcome.Kept || message is null)
        {
            NotKept(request, aor, outcome, user);
            return true;
        }

        Witness?.Invoke(MessageMoment.Taken);
        if (!_writer.TryPost(new KeepingMessage(this, message, isNew ? context.Received.Span.ToArray() : null, Location.Knows(aor), user)))
        {
            if (isNew)
            {
                Boxes.Stored(message, isStored: false, Now);
            }

            NotKept(request, aor, KeepOutcome.NotStored, user);
        }

        return true;
    }

    private void NotKept(SipRequest request, string aor, KeepOutcome outcome, IKeepingUser user)
    {
        Counters.CountNotKept();
        MessageLog.NotKept(_logger, request.From.Uri.ToString(), aor, outcome);
        user.Kept(outcome, null);
    }

    private StoredMessage MessageOf(SipRequest request, string aor, long id, long notBefore, bool wasAnswered)
    {
        DateTimeOffset now = Stack.Time.GetUtcNow();
        return new StoredMessage
        {
            Id = id,
            Aor = aor,
            Sender = IncomingMessage.SenderOf(request, _domains),
            CallId = request.CallId,
            CSeq = request.CSeqNumber,
            FromTag = IncomingMessage.FromTagOf(request),
            Received = now.ToUnixTimeMilliseconds(),
            Expires = IncomingMessage.ExpiryOf(request, now, _options.Expires),
            Type = request.ContentTypeText ?? "",
            Size = request.Span.Length,
            NotBefore = notBefore,
            Refusals = wasAnswered ? 1 : 0,
        };
    }

    private void End(EndingMessage ending)
    {
        if (!_writer.TryPost(ending))
        {
            EndLater(ending);
        }
    }

    // On the thread of the timers: whoever has something new is heard in his own time, and in nobody's lock.
    private void Look()
    {
        lock (_timerLock)
        {
            _timerDue = long.MaxValue;
            if (_isClosed)
            {
                return;
            }
        }

        var started = new List<StoredMessage>();
        var expired = new List<StoredMessage>();
        long now = Now;
        if (Boxes.Look(now, IsThere, started, expired))
        {
            _writer.TryPost(new StoreNote(store => MessageTable.Forget(store, now - (long)RememberedMessages.Time.TotalMilliseconds)));
        }

        foreach (StoredMessage message in expired)
        {
            End(new EndingMessage(this, message, MessageEnd.Expired, message.Problem ?? "its time is over", Witness));
        }

        foreach (StoredMessage message in started)
        {
            if (!_writer.TryPost(new MessageDelivery(this, message)))
            {
                NotNow(message, DeliveryOutcome.Nobody("too much waits for the store"));
            }
        }

        SetTimer();
    }

    private bool IsThere(string aor)
    {
        foreach (Device device in Location.Find(aor))
        {
            if (!device.IsAway)
            {
                return true;
            }
        }

        return false;
    }

    private void SetTimer()
    {
        long due = Boxes.NextDue;
        lock (_timerLock)
        {
            if (due < _timerDue && !_isClosed)
            {
                _timer?.Cancel();
                _timerDue = due;
                _timer = Stack.Timers.Schedule(TimeSpan.FromMilliseconds(Math.Clamp(due - Now, 0, (long)BackOff.Longest.TotalMilliseconds)), static room => ((Mailroom)room!).Look(), this);
            }
        }
    }
}
