// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using Isthmus.Bodies;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;

namespace Isthmus.Phone;

/// <summary>A dual-stack SIP phone for programs: registers, calls and is called, and calls again by the other IP version when that is what the other side has.</summary>
/// <remarks>All members may be used from any thread. Nothing is sent before <see cref="Start"/>; dispose it to end its calls and take its registrations back.</remarks>
public sealed class SipPhone : IAsyncDisposable
{
    private const int MaxAccounts = 64;

    private readonly PhoneContext _context;
    private readonly Dispatcher _dispatcher;
    private readonly Outbox _outbox;
    private readonly ILogger _logger;
    private readonly INetwork _network;
    private readonly IReadOnlyList<ListenerOptions> _wanted;
    private readonly StateLog<PhoneEvent> _events = new();
    private readonly StateLog<Call> _incoming = new();
    private readonly ConcurrentDictionary<PresenceWatch, bool> _watches = new();
    private readonly ConcurrentDictionary<Publication, bool> _publications = new();
    private int _disposed;

    /// <summary>Makes a phone; nothing is opened yet.</summary>
    /// <param name="options">What the phone is.</param>
    /// <param name="network">Its network: <c>SystemNetwork</c>, or one in memory.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <exception cref="ArgumentException">An account's address is not a SIP address, there are more than 64 accounts, or the ports for media hold no pair.</exception>
    public SipPhone(PhoneOptions options, INetwork network, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loggers);
        if (options.Accounts.Count > MaxAccounts || !options.RtpPorts.IsValid || options.Codecs.Count == 0)
        {
            throw new ArgumentException("at most 64 accounts, a pair of RTP ports and one codec are needed", nameof(options));
        }

        (Options, _network) = (options, network);
        _logger = loggers.CreateLogger<SipPhone>();
        _wanted = [.. new[] { IpVersion.V6, IpVersion.V4 }.Where(v => options.Versions.Has(v) && network.Supports(v)).SelectMany(v => Listeners(options, v))];
        var stack = new SipStack(new SipStackOptions { Transport = new TransportOptions { Listeners = _wanted } }, network, time, loggers);
        _context = new PhoneContext(options, network, stack, Happened, _logger);
        _outbox = new Outbox(_context);
        _context.Accounts = Accounts = [.. options.Accounts.Select(account => new Account(_context, account))];
        _dispatcher = new Dispatcher(_context, call => _incoming.Add(call));
    }

    /// <summary>What it was made from.</summary>
    public PhoneOptions Options { get; }

    /// <summary>The accounts, in the order of the options.</summary>
    public IReadOnlyList<Account> Accounts { get; }

    /// <summary>The calls that have not ended.</summary>
    public IReadOnlyList<Call> Calls => [.. _context.Calls.Legs.Where(l => !l.IsOver).Select(l => l.Call)];

    /// <summary>What is told to those who watch this phone itself, because no server answers for it; 64 at most. What a server tells is <see cref="Publish"/>'s.</summary>
    public PhonePresence Presence
    {
        get => _context.Notifier.Own;
        set => _context.Notifier.Own = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>What the phone holds at the moment.</summary>
    public PhoneResources Resources => new(_context.Calls.Count, _context.Sockets.Open);

    /// <summary>The transactions and transports below, for their counters.</summary>
    public SipStack Stack => _context.Stack;

    /// <summary>Opens the signalling sockets.</summary>
    public StartResult Start()
    {
        var result = Stack.Start(_dispatcher);
        foreach (var listener in result.Listeners.Where(IsOfSignalling))
        {
            _context.Versions |= listener.Version.AsSet;
        }

        return new StartResult([.. new[] { IpVersion.V6, IpVersion.V4 }.Where(v => Options.Versions.Has(v)).Select(v => Listener(v, result))]);
    }

    /// <summary>Registers an account, or all, and keeps it registered. Done when each registration has succeeded or failed once; failed ones go on trying.</summary>
    public async Task<RegistrationResult> RegisterAsync(Account? account = null, CancellationToken cancellationToken = default)
    {
        var rounds = Agents(account).Select(a => a.RegisterAsync()).ToList();
        var states = new List<RegistrationState>();
        foreach (var round in rounds)
        {
            states.Add(await round.WaitAsync(cancellationToken));
        }

        return new(states);
    }

    /// <summary>Takes the registrations of an account, or of all, back.</summary>
    public async Task UnregisterAsync(Account? account = null, CancellationToken cancellationToken = default)
    {
        var rounds = Agents(account).Select(a => a.UnregisterAsync()).ToList();
        foreach (var round in rounds)
        {
            await round.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Calls somebody. Never throws: a call that cannot even begin is returned ended.</summary>
    /// <param name="address">A SIP URI, <c>user@host</c>, a name or number in the account's domain, or a tel URI. Without an account that has servers, DNS says
    /// where the domain is (RFC 3263).</param>
    /// <param name="options">What this call does differently.</param>
    public Call Dial(string address, DialOptions? options = null)
    {
        var account = options?.Account ?? (Accounts.Count > 0 ? Accounts[0] : null);
        if (DialledAddress.Read(address, account, out var fault) is not { } uri)
        {
            return Stillborn(address, account, new CallResult(CallOutcome.InvalidAddress, 0, fault));
        }

        if (Volatile.Read(ref _disposed) != 0)
        {
            return Stillborn(address, account, new CallResult(CallOutcome.Failed, 0, "the phone is closed"));
        }

        var search = SignallingPath.IsToBeLocated(uri, account) ? _context.Search : null;
        var paths = SignallingPath.To(uri, account, _context);
        if (paths.Count == 0 && search is null)
        {
            var nowhere = SignallingPath.Missing(uri, account);
            return Stillborn(address, account, new CallResult(nowhere.Status == 0 ? CallOutcome.InvalidAddress : CallOutcome.Unreachable, nowhere.Status, nowhere.Reason));
        }

        if (!_context.Calls.TryTakePlace(Options.MaxCalls))
        {
            return Stillborn(address, account, new CallResult(CallOutcome.Failed, 0, "too many calls at a time"));
        }

        var leg = new OutgoingLeg(_context, uri, account, paths, options?.Version, options?.Audio) { Search = search };
        _context.Calls.Add(leg);
        Stack.RunIn(leg.CallId, leg.Start);
        return leg.Call;
    }

    /// <summary>Calls somebody, and waits for the end of the call. Cancelling the token hangs up.</summary>
    public async Task<CallResult> CallAsync(string address, DialOptions? options = null, CancellationToken cancellationToken = default)
    {
        var call = Dial(address, options);
        await using var registration = cancellationToken.Register(call.HangUp);
        return await call.Completion;
    }

    /// <summary>Incoming calls, those that are there already first; ends when the phone is disposed.</summary>
    public async IAsyncEnumerable<Call> IncomingCalls([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var call in _incoming.Follow(cancellationToken))
        {
            if (call.State.Phase != CallPhase.Ended)
            {
                yield return call;
            }
        }
    }

    /// <summary>Sends text.</summary>
    /// <inheritdoc cref="SendMessageAsync(string, MessageContent, MessageOptions?, CancellationToken)"/>
    /// <param name="address">As for <see cref="Dial"/>.</param>
    /// <param name="text">What to say.</param>
    /// <param name="options">What this message does differently.</param>
    /// <param name="cancellationToken">Ends the waiting; the message is on its way nevertheless.</param>
    public Task<MessageResult> SendMessageAsync(string address, string text, MessageOptions? options = null, CancellationToken cancellationToken = default) =>
        SendMessageAsync(address, new MessageContent(text), options, cancellationToken);

    /// <summary>Sends a message (RFC 3428); done when it is delivered, stored, or known to be neither. Wait for one before the next where their order matters.</summary>
    /// <param name="address">As for <see cref="Dial"/>.</param>
    /// <param name="content">What to send.</param>
    /// <param name="options">What this message does differently.</param>
    /// <param name="cancellationToken">Ends the waiting; the message is on its way nevertheless.</param>
    public Task<MessageResult> SendMessageAsync(string address, MessageContent content, MessageOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        options ??= new MessageOptions();
        var account = options.Account ?? (Accounts.Count > 0 ? Accounts[0] : null);
        return DialledAddress.Read(address, account, out var fault) is { } uri
            ? _outbox.SendAsync(uri, account, content, options).WaitAsync(cancellationToken)
            : Task.FromResult(new MessageResult(MessageOutcome.InvalidAddress, 0, fault));
    }

    /// <summary>Begins to write to somebody; nothing is sent yet.</summary>
    /// <param name="address">As for <see cref="Dial"/>.</param>
    /// <param name="options">What its messages do differently.</param>
    public Chat OpenChat(string address, MessageOptions? options = null) => new(this, _context.Time, address, options);

    /// <summary>
    /// The messages that come (and those that wait already); each goes to one reader only. At most 256 wait to be read: beyond, their senders hear 480. Ends when
    /// the phone is disposed.
    /// </summary>
    public IAsyncEnumerable<ReceivedMessage> Messages(CancellationToken cancellationToken = default) => _context.Inbox.Unread.ReadAllAsync(cancellationToken);

    /// <summary>Watches somebody's presence, or a whole list's, from now on (RFC 3856, RFC 4662). Never throws: a watch that cannot even begin is returned ended.</summary>
    /// <param name="address">As for <see cref="Dial"/>; the address of a list gives everybody in it.</param>
    /// <param name="options">What this watch does differently.</param>
    public PresenceWatch Watch(string address, WatchOptions? options = null)
    {
        options ??= new WatchOptions();
        var account = options.Account ?? (Accounts.Count > 0 ? Accounts[0] : null);
        if (DialledAddress.Read(address, account, out var fault) is not { } uri)
        {
            return new PresenceWatch(address, fault);
        }

        var watch = new PresenceWatch(_context, address, uri, options with { Account = account });
        Forget(_watches, one => one.Subscription.Phase == SubscriptionPhase.Ended);
        _watches[watch] = true;
        return watch;
    }

    /// <summary>Publishes the presence of an account, and keeps it published (RFC 3903). Never throws: a publication that cannot even begin is returned ended.</summary>
    /// <param name="availability">How the user is to be seen.</param>
    /// <param name="note">Some words for those who watch; null: none.</param>
    /// <param name="options">What this publication does differently.</param>
    public Publication Publish(Availability availability, string? note = null, PublishOptions? options = null)
    {
        options ??= new PublishOptions();
        if ((options.Account ?? (Accounts.Count > 0 ? Accounts[0] : null)) is not { } account)
        {
            return new Publication("there is no account whose presence it could be", availability);
        }

        var publication = new Publication(_context, account, options, availability, note);
        Forget(_publications, one => one.State.Phase == PublicationPhase.Ended);
        _publications[publication] = true;
        return publication;
    }

    /// <summary>Everything that happened (the last 256 events), and then everything that happens; ends when the phone is disposed.</summary>
    public IAsyncEnumerable<PhoneEvent> Events(CancellationToken cancellationToken = default) => _events.Follow(cancellationToken);

    /// <summary>
    /// Ends all calls, watches and publications, takes all registrations back when these are over or after half of <see cref="PhoneOptions.Farewell"/>, and waits for
    /// the answers, at most that long; then closes all sockets.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _dispatcher.IsClosing = true;
        var legs = _context.Calls.Legs.ToArray();
        foreach (var leg in legs)
        {
            if (leg.Call.Direction == CallDirection.Incoming && leg.Session is null)
            {
                leg.Call.Reject(480);
            }
            else
            {
                leg.Call.HangUp();
            }
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (_context.Time.CreateTimer(_ => done.TrySetResult(), null, Options.Farewell, Timeout.InfiniteTimeSpan))
        {
            _ = SayGoodbye(legs, done);
            await done.Task;
        }

        foreach (var agent in Agents(null))
        {
            agent.Stop();
        }

        await Stack.DisposeAsync();
        _outbox.Close();
        foreach (var watch in _watches.Keys)
        {
            watch.Close();
        }

        foreach (var publication in _publications.Keys)
        {
            publication.Close();
        }

        _context.Inbox.Close();
        foreach (var account in Accounts)
        {
            account.Close();
        }

        _incoming.Close();
        _events.Close();
    }

    private async Task SayGoodbye(CallLeg[] legs, TaskCompletionSource done)
    {
        var goodbyes = Task.WhenAll(
        [
            .. _context.Notifier.LeaveAll(), .. _watches.Keys.Select(watch => watch.DisposeAsync().AsTask()), .. _publications.Keys.Select(one => one.DisposeAsync().AsTask()),
        ]);
        try
        {
            // While the accounts are registered still: a server may hear others not at all, and reach nobody else with the last NOTIFY.
            await goodbyes.WaitAsync(Options.Farewell / 2, _context.Time);
        }
        catch (TimeoutException)
        {
            // Whoever does not answer must not keep the registrations alive.
        }

        var leaving = UnregisterAsync();
        foreach (var leg in legs)
        {
            await leg.Gone;
        }

        await goodbyes;
        await leaving;
        done.TrySetResult();
    }

    private static void Forget<T>(ConcurrentDictionary<T, bool> all, Func<T, bool> isOver)
        where T : notnull
    {
        foreach (var (one, _) in all.Where(one => isOver(one.Key)))
        {
            all.TryRemove(one, out _);
        }
    }

    private IEnumerable<RegistrationAgent> Agents(Account? account) => account is null ? Accounts.SelectMany(a => a.Agents) : account.Agents;

    private Call Stillborn(string address, Account? account, CallResult result)
    {
        var call = new Call(_context, Identifiers.NewCallId(), CallDirection.Outgoing, account, address, null);
        call.Enter(new CallState(CallPhase.Ended, _context.Time.GetUtcNow()) { Result = result, Status = result.Status });
        return call;
    }

    // RFC 3261 §18.1.1: what is too long for UDP goes and comes by TCP, to the same port.
    private static IEnumerable<ListenerOptions> Listeners(PhoneOptions options, IpVersion version) =>
        from transport in (SipTransport[])(options.Transport(version) == SipTransport.Udp ? [SipTransport.Udp, SipTransport.Tcp] : [options.Transport(version)])
        select new ListenerOptions
        {
            Transport = transport,
            Address = options.LocalAddress(version) ?? (version == IpVersion.V4 ? IPAddress.Any : IPAddress.IPv6Any),
            Port = options.LocalPort(version),
            Shards = 1, // one user's calls
        };

    private bool IsOfSignalling(Listener listener) => listener.Transport == Options.Transport(listener.Version);

    private ListenerState Listener(IpVersion version, ListenResult result)
    {
        var transport = Options.Transport(version);
        if (result.Listeners.FirstOrDefault(l => l.Version == version && IsOfSignalling(l)) is { } listener)
        {
            return new(version, transport, listener.LocalEndPoint, null);
        }

        var fault = result.Faults.FirstOrDefault(f => f.Options.Address.Version == version && f.Options.Transport == transport);
        return new(version, transport, null, fault?.Text ?? $"this host has no {version.DisplayName}");
    }

    private void Happened(PhoneEvent happening)
    {
        PhoneLog.Write(_logger, happening);
        _events.Add(happening);
        if (happening is CallChanged)
        {
            _context.Notifier.Refresh();
        }
    }
}
