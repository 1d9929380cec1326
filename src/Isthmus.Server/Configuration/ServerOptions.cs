// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.DualStack;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server;

/// <summary>Everything a server can be told. Immutable; the default needs no configuration file at all.</summary>
public sealed record ServerOptions
{
    /// <summary>The defaults: UDP and TCP on every IPv4 and every IPv6 address, port 5060, the host's own names, judge <c>auto</c>.</summary>
    public static ServerOptions Default { get; } = new();

    /// <summary>What the server listens on. One socket per entry; a wildcard address of a version that the host lacks is left out with a warning.</summary>
    public IReadOnlyList<ListenerOptions> Listeners { get; init; } = DefaultListeners(5060);

    /// <summary>The domains that the server is responsible for. Empty: the host's name. Own addresses and advertised hosts are always aliases of the first.</summary>
    public IReadOnlyList<DomainOptions> Domains { get; init; } = [];

    /// <summary>What is agreed with the owners of other domains. Empty: DNS knows where they are.</summary>
    public IReadOnlyList<PeerOptions> Peers { get; init; } = [];

    /// <summary>The resolvers that are asked for the servers of other domains.</summary>
    public DnsOptions Dns { get; init; } = new();

    /// <summary>How the servers of other domains are located, and what is kept of DNS.</summary>
    public LocatorOptions Locating { get; init; } = new();

    /// <summary>The judge method of every domain that names none.</summary>
    public JudgeMethod Judge { get; init; } = JudgeMethod.Auto;

    /// <summary>How long and how many bindings live.</summary>
    public RegistrarOptions Registrar { get; init; } = new();

    /// <summary>The proxy's timers.</summary>
    public ProxyOptions Proxy { get; init; } = new();

    /// <summary>What the server answers of presence and other events itself.</summary>
    public PresenceOptions Presence { get; init; } = new();

    /// <summary>Who may watch whom. Empty: all users of our domains may watch one another.</summary>
    public IReadOnlyList<WatchRule> WatchRules { get; init; } = [];

    /// <summary>What becomes of messages for users who are not there.</summary>
    public MessageOptions Messages { get; init; } = new();

    /// <summary>The lists of users that are watched as one.</summary>
    public IReadOnlyList<ResourceListOptions> Lists { get; init; } = [];

    /// <summary>What may arrive, and how much of it.</summary>
    public LimitOptions Limits { get; init; } = new();

    /// <summary>Where bindings are kept.</summary>
    public StoreOptions Store { get; init; } = new();

    /// <summary>Where the running server answers <c>isthmus show</c>.</summary>
    public ControlOptions Control { get; init; } = new();

    /// <summary>The least severe level that is logged.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>How long a stopping server goes on with what is in flight. 0 to 5 minutes.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>UDP and TCP on both wildcard addresses.</summary>
    public static IReadOnlyList<ListenerOptions> DefaultListeners(int port) =>
    [
        new() { Transport = SipTransport.Udp, Address = IPAddress.Any, Port = port },
        new() { Transport = SipTransport.Tcp, Address = IPAddress.Any, Port = port },
        new() { Transport = SipTransport.Udp, Address = IPAddress.IPv6Any, Port = port },
        new() { Transport = SipTransport.Tcp, Address = IPAddress.IPv6Any, Port = port },
    ];
}
