// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Diagnostics;
using Isthmus.Server.Explaining;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Messaging;
using Isthmus.Server.Peers;
using Isthmus.Server.Proxy;
using Isthmus.Server.Registrar;
using Isthmus.Server.Storing;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Server;

/// <summary>A running server: registrar, location service, judge and proxy on one stack. Dispose it to stop.</summary>
public sealed class IsthmusServer : IAsyncDisposable
{
    private readonly SipStack _stack;
    private readonly ServerParts _proxy;
    private readonly LocationService _location;
    private readonly StoreWriter _writer;
    private readonly ServerMetrics _metrics;
    private readonly GarbagePauses _pauses;
    private readonly ControlServer? _control;
    private int _disposed;

    private IsthmusServer(
        ServerOptions options, SipStack stack, ServerParts proxy, LocationService location, StoreWriter writer, ServerMetrics metrics, GarbagePauses pauses, ControlServer? control, string table)
    {
        (Options, _stack, _proxy, _location, _writer, _metrics, _pauses, _control, Table) = (options, stack, proxy, location, writer, metrics, pauses, control, table);
    }

    /// <summary>What the server was started with.</summary>
    public ServerOptions Options { get; }

    /// <summary>What it listens on, with the ports that were taken.</summary>
    public IReadOnlyList<Listener> Listeners => _stack.Listeners;

    /// <summary>A small table for people: listeners per version and transport, domains, judge method, store.</summary>
    public string Table { get; }

    /// <summary>The steps of a request, in order.</summary>
    public IReadOnlyList<string> Steps => _proxy.Pipeline.Names;

    /// <summary>The stack, for its counters.</summary>
    public SipStack Stack => _stack;

    internal ILocationService Location => _location;

    internal ServerParts Proxy => _proxy;

    /// <summary>Starts a server. Bindings of an earlier run are there before the first socket is open.</summary>
    /// <param name="options">What it is to do. A null store path keeps nothing, a null control socket means none.</param>
    /// <param name="network">The network; null: the operating system's.</param>
    /// <param name="time">The time; null: the system's.</param>
    /// <param name="loggers">The log; null: none.</param>
    /// <param name="observer">Is told every verdict, beside the log; null: nobody.</param>
    /// <param name="dns">Who is asked for the servers of other domains; null: the resolvers that are configured, else those of the system.</param>
    /// <returns>The server, or why there is none.</returns>
    public static async ValueTask<ServerStart> StartAsync(
        ServerOptions options, INetwork? network = null, TimeProvider? time = null, ILoggerFactory? loggers = null, IVerdictObserver? observer = null, IDnsClient? dns = null)
    {
        loggers ??= NullLoggerFactory.Instance;
        time ??= TimeProvider.System;
        ILocalAddresses local = network is null or SystemNetwork ? new LocalAddresses(time) : new RoutedAddresses(network);
        network ??= new SystemNetwork(null, time);
        var domains = new Domains(options, local);
        var stack = new SipStack(StackOptions(options), network, time, loggers);
        ILocationStore store = options.Store.Path is null or StoreOptions.Memory ? new MemoryLocationStore() : new SqliteLocationStore(options.Store.Path, options.Store.Journal);
        var location = new LocationService(store, domains, stack.Timers, time, options.Limits, loggers.CreateLogger<LocationService>(), stack.Gather);
        var metrics = new ServerMetrics();
        (ServerParts? proxy, StoreWriter? writer, IReadOnlyList<string> problems) = Open(options, network, time, loggers, observer, dns ?? SystemDns.Create(options.Dns, time), domains, stack, location, metrics);
        if (proxy is null || writer is null)
        {
            await CloseAsync(stack, location, proxy?.Mailroom, writer, metrics).ConfigureAwait(false);
            return new(null, problems);
        }

        metrics.Observe(() => location.BindingCount, () => location.AorCount, () => stack.LiveTransactions, () => proxy.Calls.Count, () => proxy.Waiting.Count);
        if (proxy.Mailroom is { } mailroom)
        {
            metrics.ObserveMessages(mailroom.Counters, () => mailroom.Boxes.Count, () => mailroom.Boxes.Bytes);
        }

        metrics.ObserveEvents(proxy.Events);
        var pauses = new GarbagePauses(time);
        ControlServer? control = options.Control.Socket is null or ControlOptions.None
            ? null
            : ControlServer.Open(options.Control.Socket, Questions(domains, stack, proxy, location, pauses, time), loggers.CreateLogger<ControlServer>());
        return new(new IsthmusServer(options, stack, proxy, location, writer, metrics, pauses, control, StartupTable.Render(stack.Listeners, domains, options, store.Description)), problems);
    }

    /// <summary>Other rules say from now on who may watch whom. Watchers that were pending are told the state or that they are rejected, others what they see now.</summary>
    public void ChangeWatchRules(IReadOnlyList<WatchRule> rules) => _proxy.Events.Change(rules);

    /// <summary>Answers what is in flight, for <see cref="ServerOptions.DrainTime"/> at most; new requests get 503 meanwhile. True: nothing was left.</summary>
    public ValueTask<bool> DrainAsync()
    {
        _proxy.Mailroom?.Close();
        return _stack.DrainAsync(Options.DrainTime);
    }

    /// <summary>Closes all sockets and commits what waits. Does not drain.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        if (_control is not null)
        {
            await _control.DisposeAsync().ConfigureAwait(false);
        }

        _pauses.Dispose();
        await CloseAsync(_stack, _location, _proxy.Mailroom, _writer, _metrics).ConfigureAwait(false);
    }

    private static (ServerParts? Proxy, StoreWriter? Writer, IReadOnlyList<string> Problems) Open(
        ServerOptions options,
        INetwork network,
        TimeProvider time,
        ILoggerFactory loggers,
        IVerdictObserver? observer,
        IDnsClient dns,
        Domains domains,
        SipStack stack,
        LocationService location,
        ServerMetrics metrics)
    {
        StoreWriter writer;
        try
        {
            location.Load();
            writer = StoreWriter.Open(options.Store.Path, loggers.CreateLogger<StoreWriter>());
        }
        catch (StoreException exception)
        {
            return (null, null, [exception.Message]);
        }

        var registrar = new RegistrarStep(new Registrar.Registrar(options, domains, location, metrics, time, loggers.CreateLogger<Registrar.Registrar>(), stack.Messages, stack.Answer), domains);
        IVerdictObserver verdicts = new VerdictLog(loggers.CreateLogger<VerdictLog>(), metrics);
        var mailroom = new Mailroom(writer, stack, location, options, location.Secret, loggers.CreateLogger<Mailroom>());
        var proxy = ServerParts.Of(stack, options, domains, location, registrar, observer is null ? verdicts : new BothObservers(verdicts, observer), new RouteMarks(location.Secret), dns, new ServerLog(time, loggers.CreateLogger<ServerLog>()), mailroom);
        mailroom.Load();
        location.Observe(proxy.Events.Hub);
        location.Observe(mailroom);
        if (KeepEvents(options, proxy, writer) is { } problem)
        {
            return (null, writer, [problem]);
        }

        writer.Start();
        ListenResult listening = stack.Start(proxy.Core);
        mailroom.Start();
        proxy.Events.Begin();
        return (ListenProblems.IsFatal(listening) ? null : proxy, writer, [.. listening.Faults.Select(fault => ListenProblems.Describe(fault, network))]);
    }

    // What a server in memory keeps nobody would read again. Null: all is well.
    private static string? KeepEvents(ServerOptions options, ServerParts proxy, StoreWriter writer)
    {
        try
        {
            if (options.Store.Path is not (null or StoreOptions.Memory))
            {
                proxy.Events.KeepIn(writer);
            }

            return null;
        }
        catch (StoreException exception)
        {
            return exception.Message;
        }
    }

    private static ControlRequests Questions(Domains domains, SipStack stack, ServerParts proxy, LocationService location, GarbagePauses pauses, TimeProvider time)
    {
        IpVersions Listening() => stack.Listeners.Aggregate(IpVersions.None, (versions, listener) => versions | listener.Version.AsSet);
        var explainer = new Explainer(domains, proxy.Directory, proxy.Health, Listening, new KnownUsers(location, proxy.Callees.Of, time));
        return new ControlRequests(location, proxy.Calls, () => stack.Listeners, new PeerReport(proxy.Directory, proxy.Health), explainer.ExplainAsync, pauses, time, proxy.Mailroom, proxy.Events);
    }

    private static async ValueTask CloseAsync(SipStack stack, LocationService location, Mailroom? mailroom, StoreWriter? writer, ServerMetrics metrics)
    {
        mailroom?.Close();
        location.Close(); // what is committed is answered while there is a socket
        writer?.Flush();
        await stack.DisposeAsync().ConfigureAwait(false);
        writer?.Flush(); // by its end what was noted meanwhile waits to be written too
        writer?.Dispose();
        location.Dispose(); // last: it holds the lock of the store
        metrics.Dispose();
    }

    private static SipStackOptions StackOptions(ServerOptions options) => new()
    {
        MaxTransactions = options.Limits.Transactions,
        PoolTransactions = true,
        Transport = new TransportOptions
        {
            Listeners = options.Listeners,
            MaxConnections = options.Limits.Connections,
            MaxConnectionsPerAddress = options.Limits.ConnectionsPerAddress,
            ParserLimits = new() { MaxHeaderBytes = options.Limits.HeaderBytes, MaxHeaders = options.Limits.HeaderCount, MaxBodyBytes = options.Limits.BodyBytes },
        },
    };

    private sealed class BothObservers(IVerdictObserver first, IVerdictObserver second) : IVerdictObserver
    {
        public bool IsListening => first.IsListening || second.IsListening;

        public void Judged(in VerdictReport report)
        {
            first.Judged(report);
            second.Judged(report);
        }
    }
}
