// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Isthmus.Sip.Stack;

/// <summary>
/// Carries messages over UDP and TCP on both IP versions (RFC 3261 §18): chooses the socket or connection, names it in Via, and says
/// what does not arrive.
/// </summary>
internal sealed class TransportLayer : IDisposable
{
    private readonly TransportOptions _options;
    private readonly INetwork _network;
    private readonly TimerWheel _timers;
    private readonly TimeProvider _time;
    private readonly StackCounters _counters;
    private readonly ILogger _logger;
    private readonly RouteCache _routes;
    private readonly ListenerTable _listeners;
    private readonly DatagramWatch _datagrams = new();
    private readonly StreamlessMemory _streamless;
    private ConnectionTable? _connections;
    private ITransportUser? _user;

    public TransportLayer(TransportOptions options, INetwork network, TimerWheel timers, TimeProvider time, StackCounters counters, ILogger logger)
    {
        _options = options;
        _network = network;
        _timers = timers;
        _time = time;
        _counters = counters;
        _logger = logger;
        _routes = new RouteCache(network, time);
        _listeners = new ListenerTable(_routes);
        _streamless = new StreamlessMemory(time, options.FallBackMemory);
    }

    public IReadOnlyList<Listener> Listeners => _listeners.All;

    /// <summary>Opens every listener it can. Messages may come before this returns.</summary>
    public ListenResult Start(ITransportUser user)
    {
        _user = user;
        var reception = new Reception(_options, user, _listeners.IsOurs, _counters);
        _connections = new ConnectionTable(_options, _network, _timers, _time, _counters) { Reception = reception, OnClosed = OnConnectionClosed };
        var faults = new List<ListenFault>();
        var gate = new StartGate();
        try
        {
            foreach (var options in _options.Listeners)
            {
                if (Open(options, reception, gate) is { } fault)
                {
                    faults.Add(fault);
                    _logger.NotListening(fault.Text);
                }
            }
            user.OnListening(Listeners);
        }
        finally
        {
            gate.Open();
        }
        return new ListenResult(Listeners, faults);
    }

    /// <summary>How many stream connections there are, those being made included.</summary>
    public int ConnectionCount => _connections?.Count ?? 0;

    /// <summary>The flow by which a request there would go; null when no listener fits.</summary>
    public Flow? FlowTowards(Target target)
    {
        if (Known(target) is { } known)
        {
            return known;
        }
        if (target.Transport.IsReliable && _connections?.Find(target.Transport, target.EndPoint) is { } connection)
        {
            return connection.Flow;
        }
        return _listeners.Towards(target.Transport, target.EndPoint.Address) is var (listener, local)
            ? new Flow(listener, target.Transport.IsReliable ? new IPEndPoint(local, 0) : listener.EndPointAt(local), target.EndPoint)
            : null;
    }

    /// <summary>Sends a request, with a Via of ours put on top.</summary>
    /// <param name="request">The request without that Via.</param>
    /// <param name="branch">The Via's branch.</param>
    /// <param name="target">Where to.</param>
    /// <param name="observer">Hears failures; null when nobody cares.</param>
    public Outgoing Send(SipRequest request, string branch, Target target, ISendObserver? observer)
    {
        if (WayByStream(request, branch, target) is { } way && Connect(SipTransport.Tcp, target.EndPoint) is { IsUsable: true } stream)
        {
            return SendByStream(request, way, stream, observer);
        }
        if (Known(target) is { } known)
        {
            return SendBy(known, request, branch, observer);
        }
        if (target.Transport.IsReliable)
        {
            var connection = Connect(target.Transport, target.EndPoint);
            return connection is null ? Lost(request, observer, SocketError.HostUnreachable) : SendBy(connection.Flow, request, branch, observer);
        }
        return FlowTowards(target) is { } flow ? SendBy(flow, request, branch, observer) : Lost(request, observer, SocketError.HostUnreachable);
    }

    /// <summary>Sends a response to where its top Via says (RFC 3261 §18.2.2, RFC 3581 §4).</summary>
    /// <param name="response">The response.</param>
    /// <param name="cameBy">The flow its request came by; null when that is not known, for responses outside of a transaction.</param>
    /// <param name="observer">Hears failures; null when nobody cares.</param>
    public Outgoing Send(SipResponse response, Flow? cameBy, ISendObserver? observer)
    {
        if ((ResponseRoute.LivingConnection(cameBy) ?? FlowByVia(response.TopVia, cameBy)) is not { } flow)
        {
            _counters.Count(StackCounter.ResponsesWithoutPlaceDropped);
            return Lost(response, observer, SocketError.HostUnreachable);
        }
        return Dispatch(new Outgoing(this, observer) { Message = response, Flow = flow });
    }

    /// <summary>Sends again what was sent before. A response whose connection is gone goes as §18.2.2 says.</summary>
    internal void Resend(Outgoing outgoing)
    {
        var flow = outgoing.Flow;
        if (outgoing.Message is SipResponse response && flow?.Connection is { IsWritable: false } && FlowByVia(response.TopVia, flow) is { } other)
        {
            outgoing.Watch?.List.Remove(outgoing);
            outgoing.Flow = other;
            Dispatch(outgoing);
        }
        else if (flow is not null)
        {
            Transmit(outgoing, flow);
        }
    }

    /// <summary>Closes listeners, sockets and connections.</summary>
    public void Dispose()
    {
        foreach (var listener in Listeners)
        {
            listener.Stream?.Dispose();
        }
        _connections?.Dispose();
        foreach (var listener in Listeners)
        {
            listener.Socket?.Dispose();
        }
    }

    private ListenFault? Open(ListenerOptions options, Reception reception, StartGate gate)
    {
        if (options.Transport is not (SipTransport.Udp or SipTransport.Tcp))
        {
            return ListenFault.Of(options, SocketError.OperationNotSupported);
        }
        if (!_network.Supports(options.Address.Version))
        {
            return ListenFault.Of(options, null);
        }
        var listener = new Listener(options);
        var at = listener.LocalEndPoint;
        try
        {
            if (options.Transport == SipTransport.Udp)
            {
                listener.Socket = _network.BindDatagram(at, new DatagramListener(listener, reception, _datagrams, _counters, gate), options.Shards);
                listener.Bound(listener.Socket.LocalEndPoint);
            }
            else
            {
                listener.Stream = _network.ListenStream(at, new StreamListener(listener, _connections!, gate));
                listener.Bound(listener.Stream.LocalEndPoint);
            }
        }
        catch (SocketException error)
        {
            return ListenFault.Of(options, error.SocketErrorCode);
        }
        _listeners.Add(listener);
        _logger.Listening(listener);
        return null;
    }

    private static Flow? Known(Target target) =>
        target.Flow is not { IsAlive: true } flow || flow.Transport != target.Transport || flow.Version != target.EndPoint.Address.Version ? null
        : flow.Connection is not null || flow.Remote.Equals(target.EndPoint) ? flow
        : new Flow(flow.Listener, flow.Local, target.EndPoint);

    // RFC 3261 §18.1.1. A path that was given is not left for another one: behind it there may be a translator that knows only this path.
    private Outgoing.WayByUdp? WayByStream(SipRequest request, string branch, Target target) =>
        target.Transport == SipTransport.Udp && target.Flow is null && request.Bytes.Length + branch.Length + ViaOverhead > _options.UdpRequestLimit
        && !_streamless.Has(target.EndPoint)
            ? new Outgoing.WayByUdp(request, branch, target.EndPoint)
            : null;

    /// <summary>What a Via takes beside its branch, at most.</summary>
    private const int ViaOverhead = 80;

    private SipConnection? Connect(SipTransport transport, IPEndPoint remote) =>
        _connections!.Find(transport, remote)
        ?? (_listeners.Towards(transport, remote.Address) is var (listener, local) ? _connections.FindOrConnect(listener, local, remote) : null);

    private Flow? FlowByVia(Via via, Flow? cameBy)
    {
        if (ResponseRoute.PlaceOf(via, cameBy) is not var (transport, place))
        {
            return null;
        }
        if (transport.IsReliable)
        {
            var source = cameBy is null ? ResponseRoute.SourceOf(via) : null;
            return (source is null ? null : _connections!.Find(transport, source)?.Flow) ?? Connect(transport, place)?.Flow;
        }
        // RFC 3581 §4: from the very socket and address that the request came to.
        return cameBy is null ? FlowTowards(new Target(transport, place))
            : cameBy.Remote.Equals(place) ? cameBy
            : new Flow(cameBy.Listener, cameBy.Local, place);
    }

    private Outgoing SendBy(Flow flow, SipRequest request, string branch, ISendObserver? observer) =>
        Dispatch(new Outgoing(this, observer) { Message = WithVia(request, flow, branch), Flow = flow });

    private Outgoing SendByStream(SipRequest request, Outgoing.WayByUdp way, SipConnection connection, ISendObserver? observer)
    {
        var outgoing = new Outgoing(this, observer) { Message = WithVia(request, connection.Flow, way.Branch), Flow = connection.Flow };
        if (connection.IsConnecting)
        {
            outgoing.SetFallBack(way, _timers.Schedule(_options.FallBackTime, static connection => ((SipConnection)connection!).GiveUpConnecting(), connection));
        }
        return Dispatch(outgoing);
    }

    // The connection for a long request has not come about: UDP then.
    private void FallBack(Outgoing outgoing)
    {
        if (outgoing.TakeFallBack() is not { } way)
        {
            return;
        }
        _streamless.Add(way.Remote);
        _counters.Count(StackCounter.FallBacks);
        outgoing.Watch?.List.Remove(outgoing);
        if (FlowTowards(new Target(SipTransport.Udp, way.Remote)) is not { } flow)
        {
            outgoing.Observer?.OnFailed(outgoing, SocketError.HostUnreachable);
            return;
        }
        outgoing.Message = WithVia(way.Request, flow, way.Branch);
        outgoing.Flow = flow;
        outgoing.Observer?.OnPathChanged(outgoing);
        Dispatch(outgoing);
    }

    private Outgoing Dispatch(Outgoing outgoing)
    {
        var flow = outgoing.Flow!;
        if (flow.Connection is { } connection)
        {
            outgoing.WatchIn(connection.Watch);
        }
        else
        {
            _datagrams.Add(outgoing, flow.Remote);
        }
        Transmit(outgoing, flow);
        return outgoing;
    }

    private void Transmit(Outgoing outgoing, Flow flow)
    {
        if (flow.TrySend(outgoing.Message.Bytes.Span) is not { } error)
        {
            _counters.Count(StackCounter.MessagesSent);
            return;
        }
        if (outgoing.HasFallBack)
        {
            FallBack(outgoing);
            return;
        }
        _counters.Count(StackCounter.SendErrors);
        outgoing.Observer?.OnFailed(outgoing, error);
    }

    private Outgoing Lost(SipMessage message, ISendObserver? observer, SocketError error)
    {
        var outgoing = new Outgoing(this, observer) { Message = message };
        _counters.Count(StackCounter.SendErrors);
        observer?.OnFailed(outgoing, error);
        return outgoing;
    }

    private SipRequest WithVia(SipRequest request, Flow flow, string branch) =>
        MessageEdit.Of(request).Prepend(HeaderName.Via, new Via(flow.Transport, _listeners.NameFor(flow), branch).ToString()).BuildRequest();

    private void OnConnectionClosed(SipConnection connection, SocketError? reason)
    {
        _logger.ConnectionClosed(connection.Flow, reason?.ToString() ?? "in order");
        foreach (var outgoing in connection.Watch.Snapshot())
        {
            if (connection.IsConnecting && outgoing.HasFallBack)
            {
                FallBack(outgoing);
            }
            else
            {
                outgoing.TakeFallBack();
                outgoing.Observer?.OnFailed(outgoing, reason);
            }
        }
        _user!.OnFlowClosed(connection.Flow, reason);
    }
}
