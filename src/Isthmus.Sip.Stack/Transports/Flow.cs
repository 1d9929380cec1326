// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>
/// Where a message came from or goes to (RFC 5626): transport, local and remote endpoint, and for streams the connection.
/// Equal flows are the same path.
/// </summary>
public sealed class Flow : IEquatable<Flow>
{
    private readonly IPEndPoint _local;
    private OwnName? _name;

    internal Flow(Listener listener, IPEndPoint local, IPEndPoint remote)
    {
        Listener = listener;
        _local = local;
        Remote = remote;
    }

    internal Flow(SipConnection connection, Listener listener, IPEndPoint local, IPEndPoint remote)
        : this(listener, local, remote) =>
        Connection = connection;

    /// <summary>The transport.</summary>
    public SipTransport Transport => Listener.Transport;

    /// <summary>The local end. Of a connection that is not there yet the port is 0.</summary>
    public IPEndPoint Local => Connection?.Local ?? _local;

    /// <summary>The remote end.</summary>
    public IPEndPoint Remote { get; }

    /// <summary>The connection's number, unique in its stack; 0 for datagrams, and for a connection that would first have to be made.</summary>
    public long ConnectionId => Connection?.Id ?? 0;

    /// <summary>The IP version.</summary>
    public IpVersion Version => Listener.Version;

    /// <summary>What Via, Record-Route and Contact name towards the remote end.</summary>
    public HostPort SentBy => Name.SentBy;

    /// <summary>The listener whose socket or identity it uses.</summary>
    public Listener Listener { get; }

    /// <summary>Whether requests can still be sent by it: always for datagrams, for streams as long as the connection lives.</summary>
    public bool IsAlive => Connection?.IsUsable ?? !Transport.IsReliable;

    internal OwnName Name => Listener.Name ?? (_name ??= new OwnName(Transport, Listener.SentBy(_local.Address)));

    internal SipConnection? Connection { get; }

    /// <summary>From the same local end to another remote one.</summary>
    /// <exception cref="InvalidOperationException">It is a connection, which has one remote end.</exception>
    public Flow To(IPEndPoint remote) => Connection is null
        ? new Flow(Listener, _local, remote)
        : throw new InvalidOperationException("A connection has one remote end.");

    /// <summary>Whether it is no connection, and begins at that address of that listener.</summary>
    internal bool IsFrom(Listener listener, IPAddress local) => Connection is null && Listener == listener && _local.Address.Equals(local);

    /// <summary>Sends bytes by it. Null: they are on their way.</summary>
    internal SocketError? TrySend(ReadOnlySpan<byte> bytes)
    {
        if (Connection is { } connection)
        {
            return connection.Send(bytes) ? null : SocketError.NotConnected;
        }
        return Listener.Socket is { } socket ? socket.Send(bytes, Remote, Listener.IsWildcard ? _local.Address : null) : SocketError.NotConnected;
    }

    /// <inheritdoc/>
    public bool Equals(Flow? other) => ReferenceEquals(this, other) || (other is not null && Connection == other.Connection && (Connection is not null
        || (Listener == other.Listener && Remote.Equals(other.Remote) && _local.Equals(other._local))));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Flow);

    /// <inheritdoc/>
    public override int GetHashCode() => Connection is not null ? ConnectionId.GetHashCode() : HashCode.Combine(Remote, _local);

    /// <summary>Transport, local and remote end, such as <c>udp 192.0.2.1:5060 - 192.0.2.9:40312</c>.</summary>
    public override string ToString() => $"{Transport.UriToken} {Local} - {Remote}";
}
