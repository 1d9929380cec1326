// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>The phones of one server, registered, and a generator that makes them call.</summary>
internal sealed class Traffic : IDisposable
{
    private const int SlotsOfOpenLoop = CallNumber.MostSlots / 8;

    private readonly IWire _callers;
    private readonly IWire _callees;
    private readonly DatagramWire _registrations;
    private readonly Generator _generator;
    private readonly ServerUnderTest _server;

    private Traffic(ServerUnderTest server, TrafficOptions options, Func<Surroundings, Workload> create, bool isForwarded)
    {
        bool callerIsIPv4 = options.Family == Family.V4ToV4;
        bool calleeIsIPv4 = options.Family != Family.V6ToV6;
        int phones = Math.Min(options.Users, PhoneAddresses.MostPhones);
        var callers = new PhoneAddresses(PhoneRole.Caller, callerIsIPv4, phones);
        var callees = new PhoneAddresses(PhoneRole.Callee, calleeIsIPv4, phones);
        _server = server;
        var callerWire = new DatagramWire(callers, server.EndPoint(callerIsIPv4));
        _registrations = new DatagramWire(callees, server.EndPoint(calleeIsIPv4));
        _callers = callerWire;
        _callees = _registrations;
        Surroundings = new Surroundings
        {
            Callers = callers,
            CallerPort = callerWire.Port,
            Callees = callees,
            CalleePort = _registrations.Port,
            IsTcp = options.IsTcp,
            Users = options.Users,
        };
        int slots = Math.Max(options.InFlight, SlotsOfOpenLoop);
        _generator = new Generator(_callers, isForwarded ? new CalledPhones(_callees, Surroundings, slots) : null, create(Surroundings), slots);
    }

    public Surroundings Surroundings { get; }

    /// <summary>Waits until the server answers, and registers a phone of every user.</summary>
    /// <exception cref="LoadException">The server is not there, or refuses.</exception>
    public static Traffic Open(ServerUnderTest server, TrafficOptions options, Func<Surroundings, Workload> create, bool isForwarded)
    {
        var traffic = new Traffic(server, options, create, isForwarded);
        try
        {
            traffic.AwaitServer();
            traffic.Register();
            return traffic;
        }
        catch
        {
            traffic.Dispose();
            throw;
        }
    }

    /// <summary>Makes calls.</summary>
    /// <exception cref="LoadException">The server has ended.</exception>
    public LoadResult Run(Pace pace, CancellationToken stop)
    {
        LoadResult result = _generator.Run(pace, stop);
        return _server.Fault is { } fault ? throw new LoadException(fault) : result;
    }

    public void Dispose()
    {
        _callers.Dispose();
        if (!ReferenceEquals(_callees, _registrations))
        {
            _callees.Dispose();
        }

        _registrations.Dispose();
    }

    // A first OPTIONS is repeated until there is an answer; a server that has just started has ten seconds.
    private void AwaitServer()
    {
        var options = new SingleRequest(Surroundings, Requests.Options(Surroundings, isForwarded: false));
        var generator = new Generator(_callers, null, options, 1);
        if (generator.Run(new Pace { InFlight = 1, MostCalls = 1 }) is { IsGood: false } result)
        {
            throw new LoadException(_server.Fault ?? $"{_server.Name} does not answer OPTIONS: {result.Faults}");
        }
    }

    private void Register()
    {
        var generator = new Generator(_registrations, null, new CalleeRegistrations(Surroundings), 64);
        if (generator.Run(new Pace { InFlight = 64, MostCalls = Surroundings.Users }) is { IsGood: false } result)
        {
            throw new LoadException(_server.Fault ?? $"{_server.Name} does not register the phones: {result.Faults}");
        }
    }
}
