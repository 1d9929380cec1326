// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Storing;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Server.Explaining;

/// <summary>Who is registered as a server has left it that does not run: from its store, of which nothing is changed.</summary>
internal sealed class StoredUsers : IDisposable
{
    private readonly TimerWheel _timers;
    private readonly LocationService _location;

    private StoredUsers(TimerWheel timers, LocationService location, KnownUsers users) => (_timers, _location, Users) = (timers, location, users);

    /// <summary>The users.</summary>
    public KnownUsers Users { get; }

    /// <summary>Reads the store that is configured.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="domains">Which URIs are ours.</param>
    /// <param name="reach">What a server with it could send by.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The users, or null; and in either case a line for people on where they are known from, or why not.</returns>
    public static (StoredUsers? Users, string Source) Read(ServerOptions options, Domains domains, ILocalReach reach, TimeProvider time)
    {
        if (options.Store.Path is not { } path || path == StoreOptions.Memory)
        {
            return (null, "not known: nothing is kept when the server does not run");
        }

        if (!File.Exists(path))
        {
            return (null, $"not known: there is no store {path}");
        }

        string used = $"not known: {path} is in use by a running server; ask that one (`isthmus explain` without --config)";
        if (StoreCopy.IsUsed(path))
        {
            return (null, used);
        }

        try
        {
            using var copy = StoreCopy.Take(path);
            return StoreCopy.IsUsed(path) ? (null, used)
                : (Load(new SqliteLocationStore(copy.Path), options, domains, reach, time), $"as the store {path} has it; no server runs on it");
        }
        catch (StoreException exception)
        {
            return (null, $"not known: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, $"not known: {path} cannot be read: {exception.Message}");
        }
    }

    public void Dispose()
    {
        _location.Dispose();
        _timers.Dispose();
    }

    private static StoredUsers Load(ILocationStore store, ServerOptions options, Domains domains, ILocalReach reach, TimeProvider time)
    {
        var timers = new TimerWheel(time);
        var location = new LocationService(new UnwrittenStore(store), domains, timers, time, options.Limits, NullLogger<LocationService>.Instance);
        var users = new StoredUsers(timers, location, new KnownUsers(location, (device, _) => FactsOf(device, reach), time));
        try
        {
            location.Load();
            return users;
        }
        catch
        {
            users.Dispose();
            throw;
        }
    }

    // Where a server with these listeners could send to; what it would have learnt of the device, nobody knows.
    private static DeviceFacts? FactsOf(Device device, ILocalReach reach)
    {
        DeviceFacts facts = device.Facts;
        facts = facts with
        {
            Bindings = facts.Bindings.RemoveAll(binding => device.Bindings[binding.Index].NextHop is not { } hop || !reach.VersionsOf(hop.Transport).Has(hop.EndPoint.Address.Version)),
        };
        return facts.Bindings.IsEmpty ? null : facts;
    }
}
