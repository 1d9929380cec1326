// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Frozen;
using System.Net;
using System.Text;
using Isthmus.DualStack;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Hosting;

/// <summary>
/// Which names and addresses are this server. The first domain also answers to every address that the server listens on, to its
/// advertised hosts, and to <c>localhost</c>: <c>alice@127.0.0.1</c>, <c>alice@[::1]</c> and <c>alice@first.example</c> are one.
/// </summary>
internal sealed class Domains
{
    /// <summary>Octets of the longest address-of-record: nobody can be registered under a longer one.</summary>
    public const int LongestAor = 512;

    // So many names are compared one by one; more are looked up.
    private const int Few = 8;

    private static readonly SearchValues<byte> OfV4 = SearchValues.Create("0123456789."u8);

    private readonly FrozenDictionary<Host, Domain> _byName;
    private readonly FrozenDictionary<string, Domain>.AlternateLookup<ReadOnlySpan<char>> _byText;
    private readonly (byte[] Name, Domain Domain)[] _few;
    private readonly (Host Host, Domain Domain)[] _byAddress;
    private readonly Domain _first;
    private readonly JudgeMethod _judge;
    private readonly ILocalAddresses _local;
    private volatile Reach _reach;

    /// <param name="options">The configured domains and listeners.</param>
    /// <param name="local">The addresses behind wildcard listeners.</param>
    /// <param name="hostName">The first domain where none is configured.</param>
    public Domains(ServerOptions options, ILocalAddresses local, string? hostName = null)
    {
        _local = local;
        _judge = options.Judge;
        IReadOnlyList<DomainOptions> domains = options.Domains is { Count: > 0 } ? options.Domains : [new DomainOptions { Name = hostName ?? HostName() }];
        _first = Domain.Of(domains[0]);
        All = domains;
        var byName = new Dictionary<Host, Domain>();
        foreach (DomainOptions written in domains)
        {
            Domain domain = ReferenceEquals(written, domains[0]) ? _first : Domain.Of(written);
            foreach (string name in written.Aliases.Prepend(written.Name))
            {
                Add(byName, name, domain);
            }
        }

        foreach (string? name in options.Listeners.Select(listener => listener.AdvertisedHost).Append("localhost"))
        {
            Add(byName, name, _first);
        }

        _byName = byName.ToFrozenDictionary();
        _byText = byName.Where(named => named.Key.IsName)
            .ToFrozenDictionary(named => named.Key.ToString().TrimEnd('.'), named => named.Value, StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        _few = _byText.Dictionary.Count > Few ? [] : [.. _byText.Dictionary.Select(named => (Encoding.ASCII.GetBytes(named.Key), named.Value))];
        _byAddress = [.. byName.Where(named => !named.Key.IsName).Select(named => (named.Key, named.Value))];
        _reach = new(
            [.. options.Listeners.Select(listener => new IPEndPoint(listener.Address.Unmapped, listener.Port))],
            [.. options.Listeners.Select(listener => listener.Port), .. options.Listeners.Select(listener => listener.AdvertisedPort ?? listener.Port)]);
    }

    /// <summary>The domains, the first with all the aliases that it was given (not the addresses).</summary>
    public IReadOnlyList<DomainOptions> All { get; }

    /// <summary>Told once the listeners are bound: their ports are known then.</summary>
    public void ListeningOn(IReadOnlyList<Listener> listeners) =>
        _reach = new(
            [.. listeners.Select(listener => listener.LocalEndPoint)],
            [.. _reach.Ports, .. listeners.Select(listener => listener.LocalEndPoint.Port)]);

    /// <summary>Whether an address-of-record or Request-URI names this server: an own host, and no port or one that it listens on.</summary>
    public bool IsOurs(SipUri uri) => DomainOf(uri) is not null;

    /// <inheritdoc cref="IsOurs(SipUri)"/>
    public bool IsOurs(in SipUriView uri) => DomainOf(uri, uri.Port) is not null;

    /// <summary>Whether a Route or Contact leads to this server itself: as <see cref="IsOurs(SipUri)"/>, but an address without a port means the default port.</summary>
    public bool IsOwnHop(SipUri uri) => DomainOf(
        uri.Host,
        uri.Port ?? (uri.Host.IsName ? null : (uri.Transport ?? (uri.IsSecure ? SipTransport.Tls : SipTransport.Udp)).DefaultPort)) is not null;

    /// <inheritdoc cref="IsOwnHop(SipUri)"/>
    public bool IsOwnHop(in SipUriView uri) =>
        DomainOf(uri, uri.Port ?? (IsName(uri.Host) ? null : (uri.Transport ?? (uri.IsSecure ? SipTransport.Tls : SipTransport.Udp)).DefaultPort)) is not null;

    /// <summary>The canonical address-of-record (RFC 3261 §10.3 step 5) in the domain's first name; null for another domain's, where there is no user, and where it is longer than <see cref="LongestAor"/>.</summary>
    public string? AorOf(SipUri uri) =>
        uri.User is { Length: > 0 } user && DomainOf(uri) is { } domain && SipUri.Create(user, new HostPort(domain.Name, null)).ToAor() is { Length: <= LongestAor } aor ? aor : null;

    /// <summary>Writes what <see cref="AorOf"/> gives, in UTF-8.</summary>
    /// <returns>False for another domain's URI, where there is no user, and where the target is too small.</returns>
    public bool TryWriteAor(in SipUriView uri, Span<byte> target, out int length)
    {
        length = 0;
        if (!uri.HasUser || DomainOf(uri, uri.Port) is not { } domain || !"sip:"u8.TryCopyTo(target)
            || !uri.TryFormatUser(target["sip:".Length..], out int user) || !domain.AorEnd.AsSpan().TryCopyTo(target[("sip:".Length + user)..]))
        {
            return false;
        }

        length = "sip:".Length + user + domain.AorEnd.Length;
        return true;
    }

    /// <summary>The judge method for requests to this URI.</summary>
    public JudgeMethod MethodFor(SipUri uri) => DomainOf(uri)?.Judge ?? _judge;

    /// <inheritdoc cref="MethodFor(SipUri)"/>
    public JudgeMethod MethodFor(in SipUriView uri) => DomainOf(uri, uri.Port)?.Judge ?? _judge;

    private Domain? DomainOf(SipUri uri) => DomainOf(uri.Host, uri.Port);

    private Domain? DomainOf(Host host, int? port)
    {
        Reach reach = _reach;
        if (_byName.TryGetValue(host, out Domain? domain))
        {
            return port is null || reach.Ports.Contains(port.Value) ? domain : null;
        }

        return host.Address is { } address && IsLocal(reach, address, port) ? _first : null;
    }

    private Domain? DomainOf(in SipUriView uri, int? port)
    {
        Reach reach = _reach;
        if (IsName(uri.Host))
        {
            return Named(uri.Host.TrimEnd((byte)'.')) is { } named && (port is null || reach.Ports.Contains(port.Value)) ? named : null;
        }

        foreach ((Host host, Domain domain) in _byAddress)
        {
            if (uri.HostIs(host))
            {
                return port is null || reach.Ports.Contains(port.Value) ? domain : null;
            }
        }

        return IsLocal(reach, uri, port) ? _first : null;
    }

    private Domain? Named(ReadOnlySpan<byte> name)
    {
        if (_few.Length == 0)
        {
            Span<char> text = stackalloc char[name.Length]; // a host has at most 255 octets
            Encoding.ASCII.GetChars(name, text);
            return _byText.TryGetValue(text, out Domain? named) ? named : null;
        }

        foreach ((byte[] own, Domain domain) in _few)
        {
            if (Ascii.EqualsIgnoreCase(name, own))
            {
                return domain;
            }
        }

        return null;
    }

    /// <summary>Whether a host, as a URI writes it, is a name (RFC 3261 §25.1: its last label begins with a letter).</summary>
    public static bool IsName(ReadOnlySpan<byte> host) => host[0] != '[' && host.ContainsAnyExcept(OfV4);

    private bool IsLocal(Reach reach, in SipUriView uri, int? port)
    {
        bool wildcard = false;
        foreach ((Host own, IPEndPoint endPoint) in reach.Hosts)
        {
            if (port is null || endPoint.Port == port)
            {
                if (uri.HostIs(own))
                {
                    return true;
                }

                wildcard |= endPoint.Address.Equals(endPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any);
            }
        }

        return wildcard && Host.TryParse(uri.Host, out Host host) && host.Address is { } address && IsLocal(reach, address, port);
    }

    // On another port of an address of ours somebody else may be at home, a phone on the same host for example.
    private bool IsLocal(Reach reach, IPAddress address, int? port)
    {
        bool wildcard = false;
        IPAddress any = address.Version == IpVersion.V4 ? IPAddress.Any : IPAddress.IPv6Any;
        foreach (IPEndPoint own in reach.EndPoints)
        {
            if (port is null || own.Port == port)
            {
                if (own.Address.Equals(address))
                {
                    return true;
                }

                wildcard |= own.Address.Equals(any);
            }
        }

        return wildcard && _local.Contains(address);
    }

    private static void Add(Dictionary<Host, Domain> byName, string? name, Domain domain)
    {
        if (name is not null && Written.TryParse(name, out Host host))
        {
            byName.TryAdd(host, domain);
        }
    }

    private static string HostName()
    {
        string name = Dns.GetHostName();
        return Host.TryParse(name, out _) ? name : "localhost";
    }

    private sealed record Domain(Host Name, JudgeMethod? Judge)
    {
        /// <summary>What ends each of its addresses-of-record: the at sign and the name.</summary>
        public byte[] AorEnd { get; } = Encoding.UTF8.GetBytes(SipUri.Create("u", new HostPort(Name, null)).ToAor()["sip:u".Length..]);

        /// <exception cref="ArgumentException">The name is no host; configuration has seen to that.</exception>
        public static Domain Of(DomainOptions options) => Written.TryParse(options.Name, out Host name)
            ? new(name, options.Judge)
            : throw new ArgumentException($"'{options.Name}' is not a host name or address", nameof(options));
    }

    private sealed record Reach(IPEndPoint[] EndPoints, HashSet<int> Ports)
    {
        public (Host Host, IPEndPoint EndPoint)[] Hosts { get; } = [.. EndPoints.Select(endPoint => (Host.From(endPoint.Address), endPoint))];
    }
}
