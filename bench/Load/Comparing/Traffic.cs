// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>The phones of one server, registered, and a generator that makes them call.</summary>
internal sealed class Traffic : IDisposable
{
    private const int TriesToReach = 6;
    private const int MostWarmUps = 3;
    private const int CallsToWarmUp = 30_000;
    private const int Connections = 64;
    private const int SlotsOfOpenLoop = CallNumber.MostSlots / 8;
    private const int OnceInFlight = 64;

    private readonly IReachableServer _server;
    private readonly DatagramWire _registrations;
    private IWire? _callers;
    private IWire? _callees;
    private Generator? _generator;

    private Traffic(IReachableServer server, DatagramWire registrations)
    {
        _server = server;
        _registrations = registrations;
    }

    /// <summary>Waits until the server answers, connects the phones, and registers one of every user where they are to be called.</summary>
    /// <param name="server">Runs already.</param>
    /// <param name="options">How calls come.</param>
    /// <param name="create">Makes the workload.</param>
    /// <param name="isForwarded">Whether there are called phones.</param>
    /// <param name="stop">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <param name="introduce">What each user does once before; null: nothing.</param>
    /// <exception cref="LoadException">The server is not there, or refuses.</exception>
    public static Traffic Open(
        IReachableServer server, TrafficOptions options, Func<Surroundings, Workload> create, bool isForwarded, CancellationToken stop, Func<Surroundings, Workload>? introduce = null)
    {
        if (options.IsTcp && introduce is not null)
        {
            throw new LoadException("Watchers are notified by UDP only here: leave --transport tcp away");
        }

        bool callerIsIPv4 = options.Family == Family.V4ToV4;
        bool calleeIsIPv4 = options.Family != Family.V6ToV6;
        int phones = Math.Min(options.Users, options.IsTcp ? Connections : PhoneAddresses.MostPhones);
        var callers = new PhoneAddresses(PhoneRole.Caller, callerIsIPv4, phones);
        var callees = new PhoneAddresses(PhoneRole.Callee, calleeIsIPv4, phones);
        var traffic = new Traffic(server, new DatagramWire(callees, server.EndPoint(calleeIsIPv4, isTcp: false)));
        try
        {
            traffic.AwaitServer(callees, stop);
            traffic._callers = options.IsTcp ? StreamWire.Connect(callers, server.EndPoint(callerIsIPv4, isTcp: true)) : new DatagramWire(callers, server.EndPoint(callerIsIPv4, isTcp: false));
            traffic._callees = options.IsTcp ? StreamWire.Listen(callees) : traffic._registrations;
            var surroundings = new Surroundings
            {
                Callers = callers,
                CallerPort = traffic._callers.Port,
                Callees = callees,
                CalleePort = traffic._callees.Port,
                IsTcp = options.IsTcp,
                Users = options.Users,
            };
            if (isForwarded)
            {
                traffic.Register(surroundings, stop);
            }

            int slots = Math.Max(options.InFlight, SlotsOfOpenLoop);
            CalledPhones? called = isForwarded ? new CalledPhones(traffic._callees, surroundings, slots) : null;
            if (introduce is not null)
            {
                traffic.EachOnce(new Generator(traffic._callers, called, introduce(surroundings), OnceInFlight), options.Users, "does not let the phones subscribe", stop);
            }

            traffic._generator = new Generator(traffic._callers, called, create(surroundings), slots);
            return traffic;
        }
        catch
        {
            traffic.Dispose();
            throw;
        }
    }

    /// <summary>Makes calls.</summary>
    /// <exception cref="LoadException">The server has ended, which is noticed at once.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was asked for.</exception>
    public LoadResult Run(Pace pace, CancellationToken stop) => Run(_generator!, pace, stop);

    /// <summary>
    /// Calls as later ones are, and not counted: code that is compiled while it runs is at its best after some seconds and some ten thousand calls. A slow
    /// server gets three times the time for them.
    /// </summary>
    public void WarmUp(TrafficOptions options, CancellationToken stop)
    {
        Pace pace = options.Pace with { LongestTime = options.WarmUp, MostCalls = long.MaxValue };
        long calls = 0;
        for (int i = 0; i < MostWarmUps && (i == 0 || calls < CallsToWarmUp); i++)
        {
            calls += Run(pace, stop).Completed;
        }
    }

    public void Dispose()
    {
        _callers?.Dispose();
        if (_callees is StreamWire streams)
        {
            streams.Dispose();
        }

        _registrations.Dispose();
    }

    // A server that has just started, on a machine that does other things too, has some time until it answers an OPTIONS.
    private void AwaitServer(PhoneAddresses phones, CancellationToken stop)
    {
        var probing = new Surroundings { Callers = phones, CallerPort = _registrations.Port, Callees = phones, CalleePort = _registrations.Port, Users = 1 };
        var generator = new Generator(_registrations, null, new SingleRequest(probing, Requests.Options(probing, isForwarded: false)), 1);
        var once = new Pace { InFlight = 1, MostCalls = 1 };
        LoadResult result = Run(generator, once, stop);
        for (int tries = 1; tries < TriesToReach && !result.IsGood; tries++)
        {
            result = Run(generator, once, stop);
        }

        if (!result.IsGood)
        {
            throw new LoadException($"{_server.Name} does not answer OPTIONS: {result.Faults}");
        }
    }

    private void Register(Surroundings surroundings, CancellationToken stop)
    {
        var workload = new SingleRequest(surroundings, Requests.Register(surroundings, PhoneRole.Callee, PhoneRole.Callee));
        EachOnce(new Generator(_registrations, null, workload, OnceInFlight), surroundings.Users, "does not register the phones", stop);
    }

    private void EachOnce(Generator generator, int users, string failure, CancellationToken stop)
    {
        if (Run(generator, new Pace { InFlight = OnceInFlight, MostCalls = users }, stop) is { IsGood: false } result)
        {
            throw new LoadException($"{_server.Name} {failure}: {result.Faults}");
        }
    }

    private LoadResult Run(Generator generator, Pace pace, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _server.Ended);
        LoadResult result = generator.Run(pace, either.Token);
        stop.ThrowIfCancellationRequested();
        return _server.Fault is { } fault ? throw new LoadException(fault) : result;
    }
}
