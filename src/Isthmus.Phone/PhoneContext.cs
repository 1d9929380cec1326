// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;

namespace Isthmus.Phone;

/// <summary>What the parts of one phone share.</summary>
internal sealed class PhoneContext(PhoneOptions options, INetwork network, SipStack stack, Action<PhoneEvent> publish, ILogger logger)
{
    /// <summary>The methods that this phone answers by more than 405.</summary>
    public const string AllowedMethods = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, MESSAGE, NOTIFY, SUBSCRIBE, UPDATE";

    public PhoneOptions Options => options;

    public SipStack Stack => stack;

    public TimeProvider Time => stack.Time;

    public ILogger Logger => logger;

    public MediaSockets Sockets { get; } = new(network);

    public CallTable Calls { get; } = new();

    public UsageTable Usages { get; } = new();

    public PresenceNotifier Notifier => field ??= new(this);

    public Inbox Inbox => field ??= new(this);

    public IReadOnlyList<Account> Accounts { get; set; } = [];

    /// <summary>The versions that have a listener.</summary>
    public IpVersions Versions { get; set; }

    /// <summary>Finds the servers of a domain that is called without one; null: nobody can be asked.</summary>
    public ServerSearch? Search => field ??= (options.Dns ?? (network is SystemNetwork ? SystemDns.Create(new DnsOptions(), Time) : null)) is { } dns
        ? new ServerSearch(dns, network, Time, options.Ipv4Transport, options.Ipv6Transport, options.Versions)
        : null;

    /// <summary>A random number from 0 to 1.</summary>
    public Func<double> Chance { get; init; } = Random.Shared.NextDouble;

    public void Publish(PhoneEvent happening) => publish(happening);

    /// <summary>A request with what all of ours carry.</summary>
    public RequestBuilder Request(SipMethod method, AnyUri uri) => new RequestBuilder(method, uri).MaxForwards(70).Header(HeaderName.UserAgent, options.UserAgent);

    /// <summary>Where a configured server is reached.</summary>
    public Target TargetOf(ServerAddress server) => new(server.Transport ?? options.Transport(server.Version), server.EndPoint);

    /// <summary>MinSessionExpires as a header shows it.</summary>
    public string MinSessionSeconds => ((int)Math.Max(SessionInterval.Shortest, options.MinSessionExpires.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Where a URI leads: null if its host is a name (this phone asks no DNS) or of a version that the phone lacks.</summary>
    /// <param name="uri">The URI.</param>
    /// <param name="path">A path that is open already; it is taken where it leads to the same place.</param>
    public Target? Resolve(SipUri uri, Target? path)
    {
        if (uri.Host.Address is not { } address || !Versions.Has(address.Version) || uri.IsSecure)
        {
            return null;
        }

        var transport = uri.Transport ?? SipTransport.Udp;
        var endPoint = new IPEndPoint(address, uri.Port ?? transport.DefaultPort);
        if (path is not null && path.EndPoint.Equals(endPoint))
        {
            return path;
        }

        var target = new Target(transport, endPoint);
        return stack.FlowTowards(target) is not null ? target : new Target(options.Transport(address.Version), endPoint);
    }

    /// <summary>The Contact of an account (or of none) for requests that leave to <paramref name="target"/>, or of the other version if that is asked for;
    /// null if there is no listener or no address of that version.</summary>
    public NameAddr? ContactOf(Account? account, IpVersion version, Target? target)
    {
        target ??= account?.Options.Servers.FirstOrDefault(s => s.Version == version) is { } server ? TargetOf(server) : null;
        if (target is not null)
        {
            return stack.FlowTowards(target) is { } flow ? Contact(account, flow.SentBy, flow.Transport) : null;
        }

        return stack.Listeners.FirstOrDefault(l => l.Version == version && l.Transport == options.Transport(version)) is { } listener && SignallingAddress(version) is { } local
            ? Contact(account, listener.SentBy(local), listener.Transport)
            : null;
    }

    /// <summary>Who a request is from; without an account nobody in particular.</summary>
    public static NameAddr Identity(Account? account, Flow flow) =>
        account is null ? new NameAddr(SipUri.Create("anonymous", flow.SentBy)) : new NameAddr(account.Uri, account.Options.DisplayName);

    /// <summary>The account that a request is for: whose Contact the Request-URI is, else whose address the To is.</summary>
    public Account? Called(SipRequest request) =>
        Accounts.FirstOrDefault(a => request.To.SipUri?.ToAor() == a.Uri.ToAor() && request.RequestSipUri?.User == a.Uri.User)
        ?? Accounts.FirstOrDefault(a => request.RequestSipUri?.User == a.Uri.User)
        ?? Accounts.FirstOrDefault(a => request.To.SipUri?.ToAor() == a.Uri.ToAor());

    /// <summary>The Contact for an answer: the address that the request came to.</summary>
    public static NameAddr Contact(Account? account, Flow flow) => Contact(account, flow.SentBy, flow.Transport);

    /// <summary>The local address for media of <paramref name="version"/>; null if this host has none.</summary>
    /// <param name="version">The version.</param>
    /// <param name="towards">Where the signalling goes, of either version.</param>
    public IPAddress? MediaAddress(IpVersion version, IPAddress towards)
    {
        if (!Versions.Has(version))
        {
            return null;
        }

        if (options.LocalAddress(version) is null && Bound(version) is null)
        {
            // A call that stays inside the host stays there by the other version too.
            var near = towards.Version == version ? towards : IPAddress.IsLoopback(towards) ? Loopback(version) : null;
            if (near is not null && network.LocalAddressTowards(near) is { } local)
            {
                return local;
            }
        }

        return SignallingAddress(version);
    }

    /// <summary>The versions by which this phone can have media.</summary>
    public IpVersions MediaVersions(IPAddress towards) => (MediaAddress(IpVersion.V4, towards) is null ? IpVersions.None : IpVersions.V4)
        | (MediaAddress(IpVersion.V6, towards) is null ? IpVersions.None : IpVersions.V6);

    private IPAddress? SignallingAddress(IpVersion version)
    {
        if (options.LocalAddress(version) is { } given && !IsWildcard(given))
        {
            return given;
        }

        if (Bound(version) is { } bound)
        {
            return bound;
        }

        var server = Accounts.SelectMany(a => a.Options.Servers).FirstOrDefault(s => s.Version == version);
        return (server is null ? null : network.LocalAddressTowards(server.EndPoint.Address)) ?? network.LocalAddressTowards(Elsewhere(version));
    }

    private IPAddress? Bound(IpVersion version) =>
        stack.Listeners.FirstOrDefault(l => l.Version == version && !IsWildcard(l.LocalEndPoint.Address))?.LocalEndPoint.Address;

    /// <summary>An address outside: the source towards it is the host's usual address (RFC 5737, RFC 3849; nothing is sent there).</summary>
    private static IPAddress Elsewhere(IpVersion version) => version == IpVersion.V4 ? new IPAddress([192, 0, 2, 1]) : IPAddress.Parse("2001:db8::1");

    private static IPAddress Loopback(IpVersion version) => version == IpVersion.V4 ? IPAddress.Loopback : IPAddress.IPv6Loopback;

    private static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static NameAddr Contact(Account? account, HostPort sentBy, SipTransport transport) =>
        new(SipUri.Create(account?.Uri.User, sentBy, transport == SipTransport.Udp ? null : transport));
}
