// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server;

/// <summary>Bounds on what arrives. Each is answered as it says when it is reached.</summary>
public sealed record LimitOptions
{
    /// <summary>Bytes of a message's body; a larger one is answered 413.</summary>
    public int BodyBytes { get; init; } = 262_144;

    /// <summary>Bytes of a message's start line and headers; a larger one is answered 513.</summary>
    public int HeaderBytes { get; init; } = 32_768;

    /// <summary>Header fields of a message; more are answered 400.</summary>
    public int HeaderCount { get; init; } = 256;

    /// <summary>Open stream connections; one more is closed at once.</summary>
    public int Connections { get; init; } = 10_000;

    /// <summary>Open stream connections with one remote address; one more is closed at once.</summary>
    public int ConnectionsPerAddress { get; init; } = 256;

    /// <summary>Live transactions; a new request beyond them is answered 503.</summary>
    public int Transactions { get; init; } = 100_000;

    /// <summary>Calls at a time; a new INVITE beyond them is answered 503.</summary>
    public int Calls { get; init; } = 10_000;

    /// <summary>Branches that one request is forked to; further devices are not tried.</summary>
    public int Branches { get; init; } = 16;

    /// <summary>Requests that wait for the servers of another domain to be found; one more is answered 500.</summary>
    public int Searches { get; init; } = 5_000;

    /// <summary>Bindings of all addresses-of-record; a new one beyond them is answered 503.</summary>
    public int Bindings { get; init; } = 1_000_000;

    /// <summary>Subscriptions that the server itself notifies; one more is answered 503.</summary>
    public int Subscriptions { get; init; } = 100_000;

    /// <summary>Subscriptions of one watcher; one more is answered 403.</summary>
    public int SubscriptionsPerUser { get; init; } = 1_000;

    /// <summary>Publications of all users; one more is answered 503.</summary>
    public int Publications { get; init; } = 100_000;

    /// <summary>Publications of one user in one event package; one more is answered 403.</summary>
    public int PublicationsPerUser { get; init; } = 16;

    /// <summary>Registrations that wait for the store; one more is answered 503.</summary>
    public int PendingRegistrations { get; init; } = 10_000;
}
