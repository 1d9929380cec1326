// SPDX-License-Identifier: Apache-2.0
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
/// (docs/decisions/0051). <see cref="MailDesk"/> takes them in, what waits <see cref="Mailboxes"/> knows; this brings it into the store, to the devices and out of the
/// store again.
/// </summary>
internal sealed class Mailroom : ILocationObserver, IWaitingMessages
{
    /// <summary>The hops that a delivered message may take.</summary>
    public const int MaxForwards = 70;

    // Of the transactions that there may be, deliveries take a tenth at most, and of what may wait for the store a quarter: else there would be no place for new messages.
    private const int PartOfTransactions = 10;
    private const int PartOfPending = 4;

    // What could not be written is written again after that.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly StoreWriter _writer;
    private readonly ILogger _logger;
    private readonly FormerUsers? _users; // where nothing outlives this run, the location service knows them
    private readonly MailTimer _timer;
    private readonly OnceAMinute<(string Aor, KeepOutcome Why)> _notKept;

    /// <param name="writer">Where messages are kept.</param>
    /// <param name="stack">By which they are delivered.</param>
    /// <param name="location">Where the users are.</param>
    /// <param name="options">What the user configured.</param>
    /// <param name="secret">The secret of the store.</param>
    /// <param name="logger">The log.</param>
    public Mailroom(StoreWriter writer, SipStack stack, ILocationService location, ServerOptions options, ReadOnlyMemory<byte> secret, ILogger<Mailroom> logger)
    {
        (_writer, Stack, Location, _logger) = (writer, stack, location, logger);
        (Keys, Marks) = (new MessageKeys(secret), new RouteMarks(secret));
        Boxes = new Mailboxes(options.Messages, Math.Max(1, Math.Min(options.Limits.Transactions / PartOfTransactions, writer.MostPending / PartOfPending)));
        Targets = new ProxyTargets(stack, new TargetHealth(new TargetHealthOptions(), stack.Time));
        (MostBranches, AnswerTime, Witness) = (options.Limits.Branches, options.Messages.AnswerTime, options.Messages.Witness);
        _users = writer.IsDurable ? new FormerUsers(writer, options.Limits.Bindings, stack.Time) : null;
        (_timer, _notKept) = (new MailTimer(stack, Look), new OnceAMinute<(string Aor, KeepOutcome Why)>(stack.Time));
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
    public TimeSpan AnswerTime { get; }

    /// <summary><see cref="MessageOptions.Witness"/>.</summary>
    public Action<MessageMoment>? Witness { get; }

    /// <summary>The time, in milliseconds since 1970.</summary>
    public long Now => Stack.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Reads what an earlier run left; before the writer starts.</summary>
    public void Load()
    {
        _users?.Load();
        foreach ((StoredMessage message, long? over) in MessageTable.All(_writer.Store, Keys))
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
        _timer.Open();
        SetTimer();
    }

    /// <summary>Begins no further delivery.</summary>
    public void Close() => _timer.Close();

    public int CountFor(string aor) => Boxes.CountFor(aor);

    public void Observe(Action<string> changed) => Boxes.Changed += changed;

    /// <summary>Whether a user has a device that messages can be delivered to.</summary>
    public bool IsThere(string aor)
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

    void ILocationObserver.Changed(AddressOfRecord aor, Binding[] before)
    {
        if (aor.Bindings.Length == 0)
        {
            _users?.Left(aor.Aor);
        }
        else if (Boxes.HaveFor(aor.Key) && Boxes.Call(aor.Key, [.. aor.Bindings.Select(binding => binding.DeviceId)], Now))
        {
            SetTimer();
        }
    }

    void ILocationObserver.Renewed(Binding binding)
    {
        if (binding.Owner is { } owner && Boxes.HaveFor(owner.Key) && Boxes.Refresh(owner.Key, binding.DeviceId, Now))
        {
            SetTimer();
        }
    }

    /// <summary>Lets a message that was taken be written.</summary>
    /// <returns>Why it cannot be.</returns>
    public KeepOutcome Store(KeepingMessage keeping, StoredMessage message, bool isNew)
    {
        Witness?.Invoke(MessageMoment.Taken);
        if (_writer.TryPost(keeping))
        {
            return KeepOutcome.Kept;
        }

        if (isNew)
        {
            Boxes.Stored(message, isStored: false, Now);
        }

        return KeepOutcome.NotStored;
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

    /// <summary>A message was not taken, or cannot be written.</summary>
    public void NotKept(string sender, string aor, KeepOutcome why)
    {
        Counters.CountNotKept();
        bool isSaid = _notKept.Says((aor, why), out long unsaid);
        if (unsaid > 0)
        {
            MessageLog.NotKeptMore(_logger, unsaid);
        }

        if (isSaid)
        {
            MessageLog.NotKept(_logger, sender, aor, why);
        }
    }

    /// <summary>A message that was kept has reached somebody by the request that brought it.</summary>
    public void Arrived(StoredMessage message)
    {
        if (Boxes.TryEnd(message))
        {
            End(new EndingMessage(this, message, MessageEnd.Delivered, null, Witness));
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
        Counters.Count(ending.End);
        Boxes.Ended(message, Now);
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
    public void EndLater(EndingMessage ending) => _timer.Later(Pause, () => End(ending));

    private void End(EndingMessage ending)
    {
        if (!_writer.TryPost(ending))
        {
            EndLater(ending);
        }
    }

    private void Look()
    {
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

    private void SetTimer() => _timer.Set(Boxes.NextDue);
}
