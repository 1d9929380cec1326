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
    private const int LongestVia = 256;
    private const int LargestDatagram = 65_507; // by IPv4
    private readonly TransportOptions _options;
    private readonly INetwork _network;
    private readonly TimerWheel _timers;
    private readonly TimeProvider _time;
    private readonly StackCounters _counters;
    private readonly ILogger _logger;
    private readonly MessagePool _messages;
    private readonly RouteCache _routes;
    private readonly ListenerTable _listeners;
    private readonly DatagramWatch _datagrams = new();
    private readonly StreamlessMemory _streamless;
    private ConnectionTable? _connections;
    private ITransportUser? _user;

    public TransportLayer(TransportOptions options, INetwork network, TimerWheel timers, TimeProvider time, MessagePool messages, StackCounters counters, ILogger logger)
    {
        _options = options;
        _messages = messages;
        _network = network;
        _timers = timers;
        _time = time;
        _counters = counters;
        _logger = logger;
        _routes = new RouteCache(network, time);
        _listeners = new ListenerTable(_routes);
        _streamless = new StreamlessMemory(time, options.FallBackMemory);
    }

    private static ReadOnlySpan<byte> AskForPort => ";rport"u8;

    public IReadOnlyList<Listener> Listeners => _listeners.All;

    /// <summary>The places used lately.</summary>
    public TargetCache Targets { get; } = new();

    /// <summary>Opens every listener it can. Messages may come before this returns.</summary>
    public ListenResult Start(ITransportUser user)
    {
        _user = user;
        var reception = new Reception(_options, user, _listeners, _messages, _counters);
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

    /// <summary>Whether a listener is the only one of its transport and IP version, and bound to one address.</summary>
    public bool HasOnly(Listener listener) => _listeners.OnlyOne(listener.Transport, listener.Version) == listener;

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
        if (target.Found is { } found && found.By == this && _timers.Now - found.Since < _timers.TicksIn(RouteCache.Lifetime))
        {
            return found.Flow;
        }
        if (_listeners.Towards(target.Transport, target.EndPoint.Address) is not var (listener, local))
        {
            return null;
        }
        if (target.Found is { } last && last.By == this && last.Flow.IsFrom(listener, local))
        {
            last.Since = _timers.Now; // the route is the same still
            return last.Flow;
        }
        var flow = new Flow(listener, target.Transport.IsReliable ? new IPEndPoint(local, 0) : listener.EndPointAt(local), target.EndPoint);
        target.Found = new(this, flow, _timers.Now);
        return flow;
    }

    /// <summary>
    /// Finds the way of a request, puts a Via of ours on top and builds it, all once: what is to be sent then lies in <paramref name="outgoing"/>.
    /// </summary>
    /// <param name="outgoing">Gets the message and the flow; no flow when there is no way.</param>
    /// <param name="edit">The request without that Via; free for other use afterwards.</param>
    /// <param name="target">Where to.</param>
    /// <param name="branch">What stands behind the magic cookie in the Via's branch.</param>
    public void Prepare(Outgoing outgoing, MessageEdit edit, Target target, ReadOnlySpan<byte> branch)
    {
        if (PathTo(target) is not { } flow)
        {
            outgoing.Sent = edit.BuildRequest(_messages);
            return;
        }
        var request = Build(edit, flow, branch);
        if (WayByStream(request, target) is { } stream)
        {
            outgoing.Sent = Renamed(request, stream.Flow);
            Carry(outgoing, stream, target.EndPoint);
            return;
        }
        outgoing.Sent = request;
        outgoing.Path = flow;
    }

    /// <summary>
    /// As <see cref="Prepare"/>, for a second copy of a request that is on its way: with the Via of the first one, and by a connection where that goes by one.
    /// </summary>
    /// <param name="copy">Gets the message and the flow.</param>
    /// <param name="edit">The copy with its Via.</param>
    /// <param name="target">Where to.</param>
    /// <param name="first">The request that is on its way.</param>
    /// <returns>False: there is no way.</returns>
    public bool PrepareCopy(Outgoing copy, MessageEdit edit, Target target, Outgoing first)
    {
        if (first.IsReliable && !target.Transport.IsReliable && Connect(SipTransport.Tcp, target.EndPoint) is { IsUsable: true } stream)
        {
            copy.Sent = edit.BuildRequest(_messages);
            Carry(copy, stream, target.EndPoint);
            return true;
        }
        if (PathTo(target) is not { } flow)
        {
            return false;
        }
        copy.Sent = WithTransport(edit.BuildRequest(_messages), flow.Transport);
        copy.Path = flow;
        return true;
    }

    /// <summary>Sends what was prepared; from now on failures are reported.</summary>
    public void Dispatch(Outgoing outgoing)
    {
        if (outgoing.Path is not { } flow)
        {
            _counters.Count(StackCounter.SendErrors);
            outgoing.OnFailed(SocketError.HostUnreachable);
            return;
        }
        Watch(outgoing, flow);
        Transmit(outgoing, flow);
    }

    /// <summary>Failures of its flow are reported to it from now on.</summary>
    public void Watch(Outgoing outgoing, Flow flow)
    {
        if (outgoing.Watch is not null || !outgoing.WantsFailures)
        {
            return;
        }
        if (flow.Connection is { } connection)
        {
            connection.Watch.Add(outgoing);
        }
        else
        {
            _datagrams.Add(outgoing);
        }
    }

    /// <summary>Makes a connection if there is none, and sends nothing by it.</summary>
    public void Connect(Target target, Action<Flow?, SocketError?> heard)
    {
        if (Connect(target.Transport, target.EndPoint) is { } connection)
        {
            ConnectWait.Begin(connection, heard);
        }
        else
        {
            heard(null, SocketError.NetworkUnreachable);
        }
    }

    /// <summary>Sends a request that nobody waits for.</summary>
    /// <inheritdoc cref="Prepare"/>
    public void SendOnce(MessageEdit edit, Target target, ReadOnlySpan<byte> branch)
    {
        if (PathTo(target) is not { } flow)
        {
            _counters.Count(StackCounter.SendErrors);
            return;
        }
        var request = Build(edit, flow, branch);
        if (request.Span.Length > _options.UdpRequestLimit && WayByStream(request, target) is not null)
        {
            var unheard = new UnheardRequest(this);
            Prepare(unheard, edit.Begin(request).RemoveFirstValue(HeaderName.Via), target, branch);
            Dispatch(unheard);
        }
        else
        {
            TransmitOnce(request.Span, flow);
        }
        request.Dispose();
    }

    /// <summary>Sends what nobody waits for: failures are counted, and not told.</summary>
    public void TransmitOnce(ReadOnlySpan<byte> octets, Flow flow) =>
        _counters.Count(flow.TrySend(octets) is null ? StackCounter.MessagesSent : StackCounter.SendErrors);

    /// <summary>Sends a response outside of any transaction.</summary>
    /// <param name="response">The response.</param>
    /// <param name="via">Its top Via, as it stands there or in the request.</param>
    /// <param name="cameBy">The flow its request came by; null when that is not known.</param>
    public void SendOnce(SipResponse response, in ViaView via, Flow? cameBy)
    {
        if (RouteOf(via, cameBy) is { } flow)
        {
            TransmitOnce(response.Span, flow);
        }
        else
        {
            _counters.Count(StackCounter.SendErrors);
        }
    }

    /// <summary>Where the response to a request goes (RFC 3261 §18.2.2, RFC 3581 §4); null when its top Via names no place.</summary>
    /// <param name="via">The top Via of the request or of a response to it.</param>
    /// <param name="cameBy">The flow the request came by; null when that is not known.</param>
    public Flow? RouteOf(in ViaView via, Flow? cameBy)
    {
        var flow = ResponseRoute.LivingConnection(cameBy) ?? FlowByVia(via, cameBy);
        if (flow is null)
        {
            _counters.Count(StackCounter.ResponsesWithoutPlaceDropped);
        }
        return flow;
    }

    /// <summary>Sends again what was sent before. A response whose connection is gone goes as §18.2.2 says.</summary>
    public void Resend(Outgoing outgoing)
    {
        var flow = outgoing.Path;
        if (outgoing.Sent is SipResponse response && flow?.Connection is { IsWritable: false } && FlowByVia(response.TopViaView, flow) is { } other)
        {
            outgoing.Watch?.Remove(outgoing);
            outgoing.Path = other;
            Dispatch(outgoing);
        }
        else if (flow is not null)
        {
            Transmit(outgoing, flow);
        }
    }

    /// <summary>
    /// The connection for a long request has not come about: true when UDP will take it (RFC 3261 §18.1.1). Its message and flow are
    /// others then, and it is to be dispatched again. For its owner only.
    /// </summary>
    public bool TryFallBack(Outgoing outgoing)
    {
        if (outgoing.TakeFallBack() is not { } remote)
        {
            return false;
        }
        _streamless.Add(remote);
        _counters.Count(StackCounter.FallBacks);
        outgoing.Watch?.Remove(outgoing);
        if (FlowTowards(new Target(SipTransport.Udp, remote)) is not { } flow)
        {
            return false;
        }
        var request = (SipRequest)outgoing.Sent!;
        outgoing.Sent = outgoing.KeepsName ? WithTransport(request, flow.Transport) : Renamed(request, flow);
        outgoing.Path = flow;
        return true;
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
                listener.Stream = Listen(at, new StreamListener(listener, _connections!, gate));
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

    // RFC 3261 §18.1.1 sends a long request by TCP to the port that is known for UDP: who takes any port has the same one for both, where it is free.
    private IStreamListener Listen(IPEndPoint at, StreamListener acceptor)
    {
        var sibling = at.Port != 0 ? null : Listeners.FirstOrDefault(l => l.Transport == SipTransport.Udp && l.Options.Port == 0 && l.LocalEndPoint.Address.Equals(at.Address));
        if (sibling is not null)
        {
            try
            {
                return _network.ListenStream(new IPEndPoint(at.Address, sibling.LocalEndPoint.Port), acceptor);
            }
            catch (SocketException)
            {
                // Taken by somebody else: any other one, then.
            }
        }
        return _network.ListenStream(at, acceptor);
    }

    private Flow? Known(Target target)
    {
        if (target.Flow is not { IsAlive: true } flow || flow.Transport != target.Transport || flow.Version != target.EndPoint.Address.Version)
        {
            return null;
        }
        if (flow.Connection is not null || flow.Remote.Equals(target.EndPoint))
        {
            return flow;
        }
        if (target.Found is not { } found || found.By != this)
        {
            target.Found = found = new(this, new Flow(flow.Listener, flow.Local, target.EndPoint), long.MaxValue);
        }
        return found.Flow;
    }

    private Flow? PathTo(Target target) =>
        target.Transport.IsReliable ? Known(target) ?? Connect(target.Transport, target.EndPoint)?.Flow : FlowTowards(target);

    // RFC 3261 §18.1.1. A path that was given is not left for another one, since behind it there may be a translator that knows only this path; unless no datagram is so large.
    private SipConnection? WayByStream(SipRequest request, Target target) =>
        request.Span.Length > (target.Flow is null ? _options.UdpRequestLimit : LargestDatagram) && target.Transport == SipTransport.Udp
        && !_streamless.Has(target.EndPoint) && Connect(SipTransport.Tcp, target.EndPoint) is { IsUsable: true } stream
            ? stream
            : null;

    private SipConnection? Connect(SipTransport transport, IPEndPoint remote) =>
        _connections!.Find(transport, remote)
        ?? (_listeners.Towards(transport, remote.Address) is var (listener, local) ? _connections.FindOrConnect(listener, local, remote) : null);

    private Flow? FlowByVia(in ViaView via, Flow? cameBy)
    {
        if (cameBy is not null && ResponseRoute.IsSource(via, cameBy))
        {
            return cameBy;
        }
        if (cameBy is null && FlowByDatagram(via) is { } known)
        {
            return known;
        }
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

    // The usual way of a response outside of any transaction, without making anything: to where we noted that its request came from.
    private Flow? FlowByDatagram(in ViaView via) =>
        via.Transport == SipTransport.Udp && via.Rport is { } port && !via.HasMaddr && Targets.TryFind(SipTransport.Udp, via.Received, port, out var target)
        && ResponseRoute.MayBeAnswered(target.EndPoint.Address)
            ? FlowTowards(target)
            : null;

    private void Transmit(Outgoing outgoing, Flow flow)
    {
        if (flow.TrySend(outgoing.Sent!.Span) is not { } error)
        {
            _counters.Count(StackCounter.MessagesSent);
            return;
        }
        if (!outgoing.HasFallBack)
        {
            _counters.Count(StackCounter.SendErrors);
        }
        outgoing.OnFailed(error);
    }

    // By a connection; should it not come about in time, by UDP after all.
    private void Carry(Outgoing outgoing, SipConnection stream, IPEndPoint remote)
    {
        outgoing.Path = stream.Flow;
        if (stream.IsConnecting)
        {
            outgoing.SetFallBack(remote, _timers.Schedule(_options.FallBackTime, static connection => ((SipConnection)connection!).GiveUpConnecting(), stream));
        }
    }

    /// <summary>The request with a Via of ours on top; it is the caller's.</summary>
    /// <param name="edit">The request without that Via.</param>
    /// <param name="flow">The flow that the Via names.</param>
    /// <param name="branch">What stands behind the magic cookie; empty where the Via is there already.</param>
    public SipRequest Build(MessageEdit edit, Flow flow, ReadOnlySpan<byte> branch)
    {
        if (branch.IsEmpty)
        {
            return edit.BuildRequest(_messages);
        }
        var start = _listeners.NameFor(flow).ViaStart;
        var length = start.Length + branch.Length + AskForPort.Length;
        Span<byte> via = length <= LongestVia ? stackalloc byte[length] : new byte[length];
        start.CopyTo(via);
        branch.CopyTo(via[start.Length..]);
        AskForPort.CopyTo(via[(start.Length + branch.Length)..]);
        return edit.Prepend(HeaderName.Via, via).BuildRequest(_messages);
    }

    /// <summary>The same request by another flow.</summary>
    private SipRequest Renamed(SipRequest request, Flow flow)
    {
        var branch = request.TopViaView.Branch[Via.MagicCookie.Length..];
        return Build(MessageEdit.Of(request).RemoveFirstValue(HeaderName.Via), flow, branch);
    }

    /// <summary>The same request by another transport, and by the same name.</summary>
    private SipRequest WithTransport(SipRequest request, SipTransport transport)
    {
        if (request.TopViaView.Transport == transport)
        {
            return request;
        }
        var via = request.TopVia;
        return MessageEdit.Of(request).ReplaceFirstValue(HeaderName.Via, via.Over(transport, via.SentBy).ToString()).BuildRequest(_messages);
    }

    private void OnConnectionClosed(SipConnection connection, SocketError? reason)
    {
        _logger.ConnectionClosed(connection.Flow, reason?.ToString() ?? "in order");
        foreach (var outgoing in connection.Watch.Snapshot())
        {
            if (!connection.IsConnecting)
            {
                outgoing.TakeFallBack();
            }
            outgoing.OnFailed(reason);
        }
        _user!.OnFlowClosed(connection.Flow, reason);
    }

    /// <summary>A long request outside of any transaction, for as long as its connection is being made.</summary>
    private sealed class UnheardRequest(TransportLayer layer) : Outgoing
    {
        internal override void OnFailed(SocketError? error)
        {
            if (layer.TryFallBack(this))
            {
                layer.Dispatch(this);
            }
            Done();
        }
    }
}
