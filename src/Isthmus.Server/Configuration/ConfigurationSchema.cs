// SPDX-License-Identifier: Apache-2.0
using static Isthmus.Server.Configuration.Setting;

namespace Isthmus.Server.Configuration;

/// <summary>Every key that a configuration may hold. A new option is one line here and one in <c>docs/configuration.md</c>.</summary>
internal static class ConfigurationSchema
{
    private const string Watchers = "a list such as [\"bob@example.com\", \"*@example.org\", \"*\"]";

    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    /// <summary>The keys above the first table.</summary>
    public static IReadOnlyList<Setting<ServerOptions>> Root { get; } =
    [
        Choice<ServerOptions, DualStack.JudgeMethod>("judge", JudgeMethods, (options, value) => options with { Judge = value }),
        Choice<ServerOptions, Microsoft.Extensions.Logging.LogLevel>("log-level", LogLevels, (options, value) => options with { LogLevel = value }),
        Time<ServerOptions>("drain-time", TimeSpan.Zero, TimeSpan.FromMinutes(5), (options, value) => options with { DrainTime = value }),
    ];

    public static IReadOnlyList<Section> Sections { get; } =
    [
        new RepeatedSection<DomainOptions>(
            "domains",
            ["name"],
            (options, domains) => options with { Domains = domains },
            () => new DomainOptions(),
            HostName<DomainOptions>("name", (domain, value) => domain with { Name = value }),
            HostNames<DomainOptions>("aliases", (domain, value) => domain with { Aliases = value }),
            Choice<DomainOptions, DualStack.JudgeMethod>("judge", JudgeMethods, (domain, value) => domain with { Judge = value })),
        new RepeatedSection<PeerOptions>(
            "peer",
            ["domain"],
            (options, peers) => options with { Peers = peers },
            () => new PeerOptions(),
            Text<PeerOptions>("domain", "a host name, \"*.example.com\" or \"*\"", (peer, value) => DomainPattern.Read(value) is { } pattern ? peer with { Domain = pattern } : null),
            ListOf<PeerOptions, PeerTarget>(
                "targets",
                "a list such as [\"sip1.example.com\", \"192.0.2.1:5070;transport=tcp;priority=1;weight=10\"]",
                PeerTarget.Parse,
                (peer, value) => peer with { Targets = value }),
            Choice<PeerOptions, Sip.SipTransport>("transport", Transports, (peer, value) => peer with { Transport = value }),
            Choice<PeerOptions, Sip.IpVersions>("ip-version", Versions, (peer, value) => peer with { IpVersions = value }),
            Choice<PeerOptions, DualStack.JudgeMethod>("judge", JudgeMethods, (peer, value) => peer with { Judge = value }),
            Flag<PeerOptions>("trusted", (peer, value) => peer with { IsTrusted = value })),
        new Section<ServerOptions>(
            "dns",
            options => options,
            (_, options) => options,
            ListOf<ServerOptions, System.Net.IPEndPoint>("servers", "a list of addresses such as [\"192.0.2.53\", \"[2001:db8::53]:5353\"]", ReadResolver, (options, value) => options with { Dns = options.Dns with { Servers = value } }),
            Time<ServerOptions>("stagger", Instant, Second, (options, value) => options with { Dns = options.Dns with { Stagger = value } }),
            Integer<ServerOptions>("rounds", 1, 10, (options, value) => options with { Dns = options.Dns with { Rounds = value } }),
            Time<ServerOptions>("query-time", Instant, Minute, (options, value) => WithCache(options, cache => cache with { QueryTime = value })),
            Time<ServerOptions>("total-time", Instant, Minute, (options, value) => options with { Locating = options.Locating with { TotalTime = value } }),
            Time<ServerOptions>("min-ttl", TimeSpan.Zero, Hour, (options, value) => WithCache(options, cache => cache with { MinTimeToLive = value })),
            Time<ServerOptions>("max-ttl", Second, Week, (options, value) => WithCache(options, cache => cache with { MaxTimeToLive = value })),
            Time<ServerOptions>("max-negative-ttl", TimeSpan.Zero, 3 * Hour, (options, value) => WithCache(options, cache => cache with { MaxNegativeTimeToLive = value })),
            Time<ServerOptions>("failure-time", TimeSpan.Zero, 5 * Minute, (options, value) => WithCache(options, cache => cache with { FailureTime = value })),
            Time<ServerOptions>("stale-time", TimeSpan.Zero, Week, (options, value) => WithCache(options, cache => cache with { StaleTime = value })),
            Integer<ServerOptions>("entries", 1, 10_000_000, (options, value) => WithCache(options, cache => cache with { MaxEntries = value })),
            Integer<ServerOptions>("queries", 1, 100_000, (options, value) => WithCache(options, cache => cache with { MaxQueries = value }))),
        new RepeatedSection<Sip.Stack.ListenerOptions>(
            "listeners",
            ["transport", "address"],
            (options, listeners) => options with { Listeners = listeners },
            () => new Sip.Stack.ListenerOptions { Transport = Sip.SipTransport.Udp, Address = System.Net.IPAddress.Any, Port = 5060 },
            Choice<Sip.Stack.ListenerOptions, Sip.SipTransport>("transport", Transports, (listener, value) => listener with { Transport = value }),
            Address<Sip.Stack.ListenerOptions>("address", (listener, value) => listener with { Address = value }),
            Integer<Sip.Stack.ListenerOptions>("port", 0, 65535, (listener, value) => listener with { Port = value }),
            HostName<Sip.Stack.ListenerOptions>("advertised-host", (listener, value) => listener with { AdvertisedHost = value }),
            Integer<Sip.Stack.ListenerOptions>("advertised-port", 1, 65535, (listener, value) => listener with { AdvertisedPort = value }),
            Integer<Sip.Stack.ListenerOptions>("shards", 1, 64, (listener, value) => listener with { Shards = value })),
        new Section<RegistrarOptions>(
            "registrar",
            options => options.Registrar,
            (options, value) => options with { Registrar = value },
            Time<RegistrarOptions>("min-expires", Second, Hour, (registrar, value) => registrar with { MinExpires = value }),
            Time<RegistrarOptions>("max-expires", Second, Month, (registrar, value) => registrar with { MaxExpires = value }),
            Time<RegistrarOptions>("default-expires", Second, Month, (registrar, value) => registrar with { DefaultExpires = value }),
            Integer<RegistrarOptions>("max-bindings", 1, 1000, (registrar, value) => registrar with { MaxBindings = value })),
        new Section<ProxyOptions>(
            "proxy",
            options => options.Proxy,
            (options, value) => options with { Proxy = value },
            Time<ProxyOptions>("timer-c", TimeSpan.FromSeconds(181), TimeSpan.FromDays(1), (proxy, value) => proxy with { TimerC = value }),
            Integer<ProxyOptions>("max-breadth", 1, 1000, (proxy, value) => proxy with { MaxBreadth = value }),
            Time<ProxyOptions>("serial-timeout", Second, Hour, (proxy, value) => proxy with { SerialTimeout = value })),
        new Section<PresenceOptions>(
            "presence",
            options => options.Presence,
            (options, value) => options with { Presence = value },
            Flag<PresenceOptions>("serve", (presence, value) => presence with { Serve = value }),
            Flag<PresenceOptions>("from-registration", (presence, value) => presence with { FromRegistration = value }),
            Time<PresenceOptions>("min-expires", Second, Hour, (presence, value) => presence with { MinExpires = value }),
            Time<PresenceOptions>("max-expires", Second, Month, (presence, value) => presence with { MaxExpires = value }),
            Time<PresenceOptions>("notify-interval", TimeSpan.Zero, Hour, (presence, value) => presence with { NotifyInterval = value }),
            Flag<PresenceOptions>("believe-everybody", (presence, value) => presence with { BelievesEverybody = value })),
        new RepeatedSection<WatchRule>(
            "watch-rule",
            ["user"],
            (options, rules) => options with { WatchRules = rules },
            () => new WatchRule(),
            Text<WatchRule>("user", "a user as \"alice@example.com\", or \"*\"", (rule, value) => WatchRule.Read(value) is { } user && !user.StartsWith("*@", StringComparison.Ordinal) ? rule with { User = user } : null),
            ListOf<WatchRule, string>("allow", Watchers, WatchRule.Read, (rule, value) => rule with { Allow = value }),
            ListOf<WatchRule, string>("polite-block", Watchers, WatchRule.Read, (rule, value) => rule with { PoliteBlock = value }),
            ListOf<WatchRule, string>("confirm", Watchers, WatchRule.Read, (rule, value) => rule with { Confirm = value }),
            ListOf<WatchRule, string>("deny", Watchers, WatchRule.Read, (rule, value) => rule with { Deny = value }),
            Choice<WatchRule, Access>("others", Accesses, (rule, value) => rule with { Others = value })),
        new Section<MessageOptions>(
            "messages",
            options => options.Messages,
            (options, value) => options with { Messages = value },
            Flag<MessageOptions>("store", (messages, value) => messages with { Store = value }),
            Time<MessageOptions>("expires", Minute, Year, (messages, value) => messages with { Expires = value }),
            Time<MessageOptions>("answer-time", Second, 30 * Second, (messages, value) => messages with { AnswerTime = value }),
            Integer<MessageOptions>("max-per-user", 1, 1_000_000, (messages, value) => messages with { MaxPerUser = value }),
            Integer<MessageOptions>("max-bytes-per-user", 1024, int.MaxValue, (messages, value) => messages with { MaxBytesPerUser = value }),
            Integer<MessageOptions>("max-messages", 1, 10_000_000, (messages, value) => messages with { MaxMessages = value }),
            Integer<MessageOptions>("max-bytes", 1024, int.MaxValue, (messages, value) => messages with { MaxBytes = value }),
            Integer<MessageOptions>("max-percent-of-strangers", 0, 100, (messages, value) => messages with { MaxPercentOfStrangers = value })),
        new RepeatedSection<ResourceListOptions>(
            "list",
            ["address", "members"],
            (options, lists) => options with { Lists = lists },
            () => new ResourceListOptions(),
            Text<ResourceListOptions>("address", "an address as \"sales@example.com\"", (list, value) => ResourceListOptions.Read(value) is { } address ? list with { Address = address } : null),
            Text<ResourceListOptions>("name", "a name for people", (list, value) => list with { Name = value }),
            ListOf<ResourceListOptions, Sip.SipUri>("members", "a list of users such as [\"alice@example.com\"]", ResourceListOptions.Read, (list, value) => list with { Members = value })),
        new Section<LimitOptions>(
            "limits",
            options => options.Limits,
            (options, value) => options with { Limits = value },
            Integer<LimitOptions>("header-bytes", 1024, 1 << 20, (limits, value) => limits with { HeaderBytes = value }),
            Integer<LimitOptions>("header-count", 16, 10_000, (limits, value) => limits with { HeaderCount = value }),
            Integer<LimitOptions>("body-bytes", 0, 1 << 26, (limits, value) => limits with { BodyBytes = value }),
            Integer<LimitOptions>("connections", 1, 1_000_000, (limits, value) => limits with { Connections = value }),
            Integer<LimitOptions>("connections-per-address", 1, 1_000_000, (limits, value) => limits with { ConnectionsPerAddress = value }),
            Integer<LimitOptions>("transactions", 1, 10_000_000, (limits, value) => limits with { Transactions = value }),
            Integer<LimitOptions>("calls", 1, 10_000_000, (limits, value) => limits with { Calls = value }),
            Integer<LimitOptions>("branches", 1, 1000, (limits, value) => limits with { Branches = value }),
            Integer<LimitOptions>("searches", 1, 1_000_000, (limits, value) => limits with { Searches = value }),
            Integer<LimitOptions>("bindings", 1, 100_000_000, (limits, value) => limits with { Bindings = value }),
            Integer<LimitOptions>("subscriptions", 1, 10_000_000, (limits, value) => limits with { Subscriptions = value }),
            Integer<LimitOptions>("subscriptions-per-user", 1, 1_000_000, (limits, value) => limits with { SubscriptionsPerUser = value }),
            Integer<LimitOptions>("publications", 1, 10_000_000, (limits, value) => limits with { Publications = value }),
            Integer<LimitOptions>("publications-per-user", 1, 1000, (limits, value) => limits with { PublicationsPerUser = value }),
            Integer<LimitOptions>("pending-registrations", 1, 1_000_000, (limits, value) => limits with { PendingRegistrations = value })),
        new Section<StoreOptions>(
            "store",
            options => options.Store,
            (options, value) => options with { Store = value },
            Text<StoreOptions>("path", "the path of a file, or \":memory:\"", (store, value) => store with { Path = value })),
        new Section<ControlOptions>(
            "control",
            options => options.Control,
            (options, value) => options with { Control = value },
            Text<ControlOptions>("socket", "the path of a Unix socket, or \"none\"", (control, value) => value.Length <= 100 ? control with { Socket = value } : null)),
    ];

    private static ServerOptions WithCache(ServerOptions options, Func<Sip.Stack.DnsCacheOptions, Sip.Stack.DnsCacheOptions> change) =>
        options with { Locating = options.Locating with { Cache = change(options.Locating.Cache) } };
}
