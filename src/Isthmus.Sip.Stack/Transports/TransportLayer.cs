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
    private const int LargestDatagram = 65_507; // by IPv4

    private readonly TransportOptions _options;
    private readonly INetwork _network;
    private readonly TimerWheel _timers;
    private readonly TimeProvider _time;
    private readonly StackCounters _counters;
    private readonly ILogger _logger;
    private readonly Faults _faults;
    private readonly MessagePool _messages;
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
        _faults = new Faults(counters, logger);
        _listeners = new ListenerTable(new RouteCache(network, time));
        Paths = new Paths(_listeners, timers, counters);
        OwnVia = new OwnVia(_listeners, messages);
        _streamless = new StreamlessMemory(time, options.FallBackMemory);
    }

    public IReadOnlyList<Listener> Listeners => _listeners.All;

    /// <summary>Where messages go.</summary>
    public Paths Paths { get; }

    /// <summary>By what names requests go.</summary>
    public OwnVia OwnVia { get; }

    /// <summary>Opens every listener it can. Messages may come before this returns.</summary>
    public ListenResult Start(ITransportUser user)
    {
        _user = user;
        var reception = new Reception(_options, user, _listeners, _messages, _counters);
        _connections = new ConnectionTable(_options, _network, _timers, _time, _counters) { Reception = reception, OnClosed = OnConnectionClosed, Faults = _faults };
        Paths.Begin(_connections);
        var opening = new ListenerOpening(_network, _listeners, _connections, _counters, _logger) { Reception = reception, Watch = _datagrams, Faults = _faults };
        try
        {
            var faults = opening.OpenAll(_options.Listeners);
            user.OnListening(Listeners);
            return new ListenResult(Listeners, faults);
        }
        finally
        {
            opening.OpenGate();
        }
    }

    /// <summary>How many stream connections there are, those being made included.</summary>
    public int ConnectionCount => _connections?.Count ?? 0;

    /// <summary>Whether a listener is the only one of its transport and IP version, and bound to one address.</summary>
    public bool HasOnly(Listener listener) => _listeners.OnlyOne(listener.Transport, listener.Version) == listener;

    /// <summary>
    /// Finds the way of a request, puts a Via of ours on top and builds it, all once: what is to be sent then lies in <paramref name="outgoing"/>.
    /// </summary>
    /// <param name="outgoing">Gets the message and the flow; no flow when there is no way.</param>
    /// <param name="edit">The request without that Via; free for other use afterwards.</param>
    /// <param name="target">Where to.</param>
    /// <param name="branch">What stands behind the magic cookie in the Via's branch.</param>
    public void Prepare(Outgoing outgoing, MessageEdit edit, Target target, ReadOnlySpan<byte> branch)
    {
        var flow = Paths.To(target);
        Prepare(outgoing, flow is null ? edit.BuildRequest(_messages) : OwnVia.Build(edit, flow, branch), flow, target);
    }

    /// <inheritdoc cref="Prepare(Outgoing, MessageEdit, Target, ReadOnlySpan{byte})"/>
    public void Prepare(Outgoing outgoing, in RequestText text, Target target, ReadOnlySpan<byte> branch)
    {
        var flow = Paths.To(target);
        Prepare(outgoing, flow is null ? text.Build(default, _messages) : OwnVia.Build(text, flow, branch), flow, target);
    }

    /// <summary>
    /// As <see cref="Prepare(Outgoing, MessageEdit, Target, ReadOnlySpan{byte})"/>, for a second copy of a request that is on its way: with the Via of the first one, and by a connection where that goes by one.
    /// </summary>
    /// <param name="copy">Gets the message and the flow.</param>
    /// <param name="edit">The copy with its Via.</param>
    /// <param name="target">Where to.</param>
    /// <param name="first">The request that is on its way.</param>
    /// <returns>False: there is no way.</returns>
    public bool PrepareCopy(Outgoing copy, MessageEdit edit, Target target, Outgoing first)
    {
        if (first.IsReliable && !target.Transport.IsReliable && Paths.Connect(SipTransport.Tcp, target.EndPoint) is { IsUsable: true } stream)
        {
            copy.Sent = edit.BuildRequest(_messages);
            Carry(copy, stream, target.EndPoint);
            return true;
        }
        if (Paths.To(target) is not { } flow)
        {
            return false;
        }
        copy.Sent = OwnVia.WithTransport(edit.BuildRequest(_messages), flow.Transport);
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
        if (Paths.Connect(target.Transport, target.EndPoint) is { } connection)
        {
            ConnectWait.Begin(connection, heard);
        }
        else
        {
            heard(null, SocketError.NetworkUnreachable);
        }
    }

    /// <summary>Sends a request that nobody waits for.</summary>
    /// <inheritdoc cref="Prepare(Outgoing, MessageEdit, Target, ReadOnlySpan{byte})"/>
    public void SendOnce(MessageEdit edit, Target target, ReadOnlySpan<byte> branch)
    {
        if (Paths.To(target) is not { } flow)
        {
            _counters.Count(StackCounter.SendErrors);
            return;
        }
        var request = OwnVia.Build(edit, flow, branch);
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
        if (Paths.Back(via, cameBy) is { } flow)
        {
            TransmitOnce(response.Span, flow);
        }
        else
        {
            _counters.Count(StackCounter.SendErrors);
        }
    }

    /// <summary>Sends again what was sent before. A response whose connection is gone goes as §18.2.2 says.</summary>
    public void Resend(Outgoing outgoing)
    {
        var flow = outgoing.Path;
        if (outgoing.Sent is SipResponse response && flow?.Connection is { IsWritable: false } && Paths.ByVia(response.TopViaView, flow) is { } other)
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
        if (Paths.Towards(new Target(SipTransport.Udp, remote)) is not { } flow)
        {
            return false;
        }
        var request = (SipRequest)outgoing.Sent!;
        outgoing.Sent = outgoing.KeepsName ? OwnVia.WithTransport(request, flow.Transport) : OwnVia.Renamed(request, flow);
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

    // RFC 3261 §18.1.1. A path that was given is not left for another one, since behind it there may be a translator that knows only this path; unless no datagram is so large.
    private SipConnection? WayByStream(SipRequest request, Target target) =>
        request.Span.Length > (target.Flow is null ? _options.UdpRequestLimit : LargestDatagram) && target.Transport == SipTransport.Udp
        && !_streamless.Has(target.EndPoint) && Paths.Connect(SipTransport.Tcp, target.EndPoint) is { IsUsable: true } stream
            ? stream
            : null;

    private void Prepare(Outgoing outgoing, SipRequest request, Flow? flow, Target target)
    {
        if (flow is not null && WayByStream(request, target) is { } stream)
        {
            outgoing.Sent = OwnVia.Renamed(request, stream.Flow);
            Carry(outgoing, stream, target.EndPoint);
            return;
        }
        outgoing.Sent = request;
        outgoing.Path = flow;
    }

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
