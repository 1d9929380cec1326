// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>An open listener: one transport on one socket of one IP version.</summary>
public sealed class Listener
{
    private readonly Host? _advertised;
    private IPEndPoint _local;

    internal Listener(ListenerOptions options)
    {
        Options = options;
        _local = new IPEndPoint(options.Address, options.Port);
        IsWildcard = options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any);
        _advertised = options.AdvertisedHost is { } host ? ReadHost(host) : null;
    }

    /// <summary>What was configured.</summary>
    public ListenerOptions Options { get; }

    /// <summary>The transport.</summary>
    public SipTransport Transport => Options.Transport;

    /// <summary>The bound address and port.</summary>
    public IPEndPoint LocalEndPoint => _local;

    /// <summary>The IP version.</summary>
    public IpVersion Version => Options.Address.Version;

    /// <summary>Whether it serves every local address of its version.</summary>
    public bool IsWildcard { get; }

    /// <summary>The name of all its flows; null where each local address has its own.</summary>
    internal OwnName? Name { get; private set; }

    internal IDatagramSocket? Socket { get; set; }

    internal IStreamListener? Stream { get; set; }

    /// <summary>
    /// What Via, Record-Route and Contact name: the advertised host and port, else the given local address and the bound port.
    /// Never a wildcard, and never with a zone: that means something on this host only.
    /// </summary>
    /// <param name="local">The local address of the flow; for a listener on one address that address counts.</param>
    public HostPort SentBy(IPAddress? local)
    {
        var port = Options.AdvertisedPort ?? _local.Port;
        if (_advertised is { } advertised)
        {
            return new HostPort(advertised, port);
        }
        var address = IsWildcard ? local : _local.Address;
        if (address is null || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            throw new ArgumentException($"{this} serves many addresses: say which one.", nameof(local));
        }
        return new HostPort(Host.From(WithoutZone(address)), port);
    }

    /// <summary>Transport and endpoint, such as <c>udp [::1]:5060</c>.</summary>
    public override string ToString() => $"{Transport.UriToken} {_local}";

    internal void Bound(IPEndPoint local)
    {
        _local = local;
        Name = IsWildcard && _advertised is null ? null : new OwnName(Transport, SentBy(local.Address));
    }

    internal IPEndPoint EndPointAt(IPAddress local) => IsWildcard ? new IPEndPoint(local, _local.Port) : _local;

    private static IPAddress WithoutZone(IPAddress address) =>
        address.Version == IpVersion.V6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;

    private static Host ReadHost(string text) =>
        IPAddress.TryParse(text, out var address) ? Host.From(address)
        : Host.TryParse(text, out var host) ? host
        : throw new ArgumentException($"\"{text}\" is neither a name nor an address.", nameof(text));
}
